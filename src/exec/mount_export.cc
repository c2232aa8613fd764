#include "exec/mount_export.hh"

#include "base/error.hh"
#include "context/context.hh"
#include "exec/copy/source_view.hh"
#include "exec/run_mounts/shown_files.hh"
#include "io/hash.hh"
#include "layer/layer_writer.hh"
#include "os/file_lock.hh"
#include <fmt/format.h>
#include <optional>

namespace mica::exec {

namespace fs = std::filesystem;

namespace {

/// Backends have directories of their own: the one that was used last counts.
std::optional<fs::path> find_mount(const fs::path &directory, const std::string &identity)
{
    std::optional<fs::path> newest;
    fs::file_time_type used{};
    std::error_code failure;
    for (const auto &backend : fs::directory_iterator{directory, failure}) {
        const auto path = backend.path() / sha256(identity).hex();
        if (!fs::is_directory(path / "fs", failure))
            continue;
        const auto time = fs::last_write_time(path / "fs", failure);
        if (!newest || time > used) {
            newest = path;
            used = time;
        }
    }
    return newest;
}

oci::PlacedLayer pack(const fs::path &place, const cache::UsedMount &mount, std::uint64_t largest,
                      Services &services, const std::stop_token &stop)
{
    // Commands of other builds that have it alone come first.
    const os::FileLock lock{fs::path{place.native() + ".lock"}, os::LockMode::shared, stop};
    const auto files = context::open_directory(place / "fs", context::IgnoreList{});
    const auto view = view_of(*files);
    auto changes = shown_files(*view, "", "", stop);
    std::uint64_t size = 0;
    for (auto &change : changes) {
        change.entry.uid = mount.uid;
        change.entry.gid = mount.gid;
        size += change.entry.size;
    }
    if (size > largest)
        throw Error{ErrorKind::unsupported,
                    fmt::format("it has {} bytes, and the limit is {}", size, largest)};
    layer::ChangeList list{std::move(changes)};
    return {layer::write_layer(list, {}, *services.store, services.pool, {}, stop), services.store};
}

} // namespace

std::vector<cache::PackedMount> pack_mounts(const MountExport &wanted, const fs::path &directory,
                                            Services &services, const std::stop_token &stop)
{
    std::vector<cache::PackedMount> packed;
    if (services.cache == nullptr)
        return packed;
    for (const auto &[identity, mount] : services.cache->used_mounts()) {
        const auto place = wanted.is_wanted(mount.id) ? find_mount(directory, identity) : std::nullopt;
        if (!place)
            continue;
        try {
            const Task task{services.bus, {}, TaskKind::compress, "pack the cache mount " + mount.id};
            packed.push_back({identity, pack(*place, mount, wanted.largest, services, stop)});
        } catch (const Error &error) {
            services.bus.publish(
                event::Note{event::Note::Level::warning,
                            fmt::format("the cache mount {} is not exported: {}", mount.id, error.message()),
                            {}});
        }
    }
    return packed;
}

} // namespace mica::exec
