#include "output/root_output.hh"

#include "oci/platform.hh"
#include "os/check.hh"
#include "output/disk_files.hh"
#include "output/merge_directory.hh"
#include "output/root_files.hh"
#include "output/staging.hh"
#include "tar/writer.hh"
#include <algorithm>
#include <cstdio>
#include <fcntl.h>

namespace mica::output {

namespace {

namespace fs = std::filesystem;

/// "linux_arm_v7".
std::string directory_of(const oci::Platform &platform)
{
    auto name = oci::format_platform(platform);
    std::ranges::replace(name, '/', '_');
    return name;
}

void visit_all(std::span<const oci::Image> images, bool split, const FileVisitor &visitor, Task &task,
               const std::stop_token &stop)
{
    if (split) // a root above those of the images
        visitor(
            tar::Entry{
                .path = {}, .type = tar::FileType::directory, .mode = 0755, .link_target = {}, .xattrs = {}},
            nullptr);
    for (const auto &image : images)
        visit_root_files(image, split ? directory_of(image.config.platform) : std::string{}, visitor, task,
                         stop);
}

void tell_losses(const Losses &losses, EventBus &bus)
{
    if (const auto text = losses.describe(); !text.empty())
        bus.publish(event::Note{event::Note::Level::info, text, {}});
}

} // namespace

void write_root_tar(std::span<const oci::Image> images, bool split, Sink &out, Task &task,
                    const std::stop_token &stop)
{
    tar::Writer writer{out, stop};
    const auto add = [&](const tar::Entry &entry, Source *body) {
        if (!entry.path.empty()) // unpacking must not change the directory that it is done in
            writer.add(entry, body);
    };
    visit_all(images, split, add, task, stop);
    writer.finish();
}

void write_root_directory(std::span<const oci::Image> images, bool split, const fs::path &destination,
                          EventBus &bus, Task &task, const std::stop_token &stop)
{
    const auto path = destination.has_filename() ? destination : destination.parent_path();
    const bool is_new = look_at(path) == Occupancy::nothing;
    Staging staging{is_new ? parent_of(path) : path};
    DiskFiles files{open_file(staging.path(), O_RDONLY | O_DIRECTORY)};
    visit_all(
        images, split, [&](const tar::Entry &entry, Source *body) { files.add(entry, body); }, task, stop);
    throw_if_stopped(stop);
    if (is_new) {
        files.finish_directories(files.root(), true);
        os::check(::rename(staging.path().c_str(), path.c_str()), [&] { return path.native(); });
        staging.release();
    } else {
        const auto there = open_file(path, O_RDONLY | O_DIRECTORY);
        merge_directory(files.root(), there.get());
        files.finish_directories(there.get(), false);
    }
    tell_losses(files.losses(), bus);
}

} // namespace mica::output
