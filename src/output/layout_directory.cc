#include "output/layout_directory.hh"

#include "base/error.hh"
#include "base/guarded.hh"
#include "base/stop.hh"
#include "base/thread_pool.hh"
#include "oci/layout.hh"
#include "output/progress_source.hh"
#include "output/staging.hh"
#include <cerrno>
#include <cstdio>
#include <exception>
#include <fmt/format.h>
#include <future>
#include <vector>

namespace mica::output {

namespace {

namespace fs = std::filesystem;

constexpr unsigned blobs_at_once = 4; // they may come over the network, each at its own pace

void add_blob(const ImageBlob &blob, oci::Layout &layout, Progress &progress, const std::stop_token &stop)
{
    if (layout.contains(blob.descriptor.digest)) // the layout may be where the build keeps its layers
        return progress.add(blob.descriptor.size);
    const auto bytes = blob.open(stop);
    ProgressSource counted{*bytes, progress, stop};
    const auto writer = layout.create();
    copy_all(counted, *writer, stop);
    writer->finish();
    if (const auto stored = writer->commit(); stored.digest != blob.descriptor.digest)
        throw Error{ErrorKind::integrity, fmt::format("expected {}, but the bytes are {}",
                                                      blob.descriptor.digest.str(), stored.digest.str())};
}

/// The first failure stops the others and comes out.
void add_blobs(const EncodedImages &images, oci::Layout &layout, Task &task, const std::stop_token &stop)
{
    const auto blobs = blobs_of(images, false);
    Progress progress{task, total_size(blobs)};
    Guarded<std::exception_ptr> failure;
    std::stop_source all;
    const std::stop_callback on_stop{stop, [&] { all.request_stop(); }};
    const auto add = [&](const ImageBlob &blob) {
        try {
            throw_if_stopped(all.get_token());
            add_blob(blob, layout, progress, all.get_token());
        } catch (...) {
            failure.with([&](auto &first) { first = first ? first : std::current_exception(); });
            all.request_stop();
        }
    };
    {
        ThreadPool pool{blobs_at_once};
        std::vector<std::future<void>> under_way;
        for (const auto &blob : blobs)
            under_way.push_back(pool.submit([&] { add(blob); }));
    } // the pool waits for all
    if (const auto first = failure.with([](auto &value) { return value; }))
        std::rethrow_exception(first);
}

void add_names(const EncodedImages &images, std::span<const oci::Reference> names, oci::Layout &layout)
{
    for (const auto &name : names)
        layout.tag(images.top(), name);
    if (names.empty())
        layout.tag(images.top(), std::string{});
}

void move(const fs::path &from, const fs::path &to)
{
    if (::rename(from.c_str(), to.c_str()) != 0)
        throw system_error(to.native(), errno);
}

} // namespace

void write_layout_directory(const EncodedImages &images, std::span<const oci::Reference> names,
                            const fs::path &destination, Task &task, const std::stop_token &stop)
{
    const auto path = destination.has_filename() ? destination : destination.parent_path();
    const auto occupancy = look_at(path);
    if (occupancy == Occupancy::directory) {
        if (!fs::exists(path / "oci-layout"))
            throw Error{ErrorKind::usage,
                        fmt::format("{} has files in it and is not an OCI layout", path.native())}
                .with_hint("give a directory that is empty or not there yet");
        const auto layout = oci::Layout::open_existing(path);
        add_blobs(images, *layout, task, stop);
        return add_names(images, names, *layout);
    }
    // An empty directory may be a mount, which cannot be replaced: it is filled, the file that makes it a
    // layout last.
    Staging staging{occupancy == Occupancy::nothing ? parent_of(path) : path};
    const auto layout = oci::Layout::open_or_create(staging.path());
    add_blobs(images, *layout, task, stop);
    add_names(images, names, *layout);
    if (occupancy == Occupancy::nothing) {
        move(staging.path(), path);
        return staging.release();
    }
    for (const auto *name : {"blobs", "index.json", "oci-layout"})
        move(staging.path() / name, path / name);
}

} // namespace mica::output
