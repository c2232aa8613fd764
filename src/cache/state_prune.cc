#include "cache/state_prune.hh"

#include "base/error.hh"
#include "base/stop.hh"
#include "io/fd.hh"
#include "os/directory.hh"
#include "os/file_lock.hh"
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace mica::cache {

namespace fs = std::filesystem;

namespace {

/// Why something is still there; empty: it is gone.
using Reason = std::string;

Time used_now(const fs::path &path)
{
    struct stat status{};
    if (::lstat(path.c_str(), &status) != 0)
        return {};
    return Time{std::chrono::seconds{status.st_mtim.tv_sec} +
                std::chrono::nanoseconds{status.st_mtim.tv_nsec}};
}

class Pruner {
public:
    Pruner(const StatePaths &paths, const std::stop_token &stop)
        : paths_{paths}, stop_{stop}, build_began_{oldest_build(paths)}
    {
    }

    Reason remove(const StateItem &item)
    {
        switch (item.kind) {
        case ItemKind::step:
        case ItemKind::tree:
            return remove_files(item);
        case ItemKind::blob:
            return build_began_ ? Reason{"a build is running, and may use it"} : remove_files(item);
        case ItemKind::extracted:
        case ItemKind::mount:
            return remove_directory(item);
        case ItemKind::image:
        case ItemKind::rest:
            break;
        }
        return "it is in use";
    }

private:
    /// Who looks up a step holds the lock shared while he marks it: see LocalCache::find().
    /// The layer goes last, so that no entry is left without one; and if it is, it is a miss.
    Reason remove_files(const StateItem &item)
    {
        const os::FileLock lock{paths_.entries() / "lock", os::LockMode::exclusive, stop_};
        if (build_began_ && used_now(item.path) >= *build_began_)
            return "a build that is running uses it";
        std::error_code failure;
        for (const auto &path : item.with)
            fs::remove(path, failure);
        if (!fs::remove(item.path, failure) && failure)
            return failure.message();
        return {};
    }

    Reason remove_directory(const StateItem &item)
    {
        const auto directory = item.path.parent_path();
        const auto name = item.path.filename().native();
        const bool is_part = name.ends_with(".part");
        const auto whole = is_part ? name.substr(0, name.size() - 5) : name;
        const auto lock = os::FileLock::try_lock(directory / (whole + ".lock"), os::LockMode::exclusive);
        if (!lock)
            return "it is in use";
        // As if it had never been extracted to the end: who comes next begins anew.
        const auto part = whole + ".part";
        const auto parent = open_file(directory, O_RDONLY | O_DIRECTORY);
        try {
            os::remove_tree(parent.get(), part);
            if (!is_part && ::renameat(parent.get(), name.c_str(), parent.get(), part.c_str()) != 0)
                return std::system_category().message(errno);
            os::remove_tree(parent.get(), part);
        } catch (const Error &error) {
            return error.message();
        }
        return {};
    }

    const StatePaths &paths_;
    const std::stop_token &stop_;
    std::optional<Time> build_began_;
};

bool may_go(const StateItem &item, const PruneOptions &options, Time now)
{
    if (item.kind == ItemKind::image || item.kind == ItemKind::rest)
        return false;
    if (item.kind == ItemKind::mount && !options.mounts)
        return false;
    return !options.unused_for || item.used <= now - *options.unused_for;
}

} // namespace

PruneReport prune(const StatePaths &paths, const PruneOptions &options, Time now, const std::stop_token &stop)
{
    fs::create_directories(paths.entries());
    auto items = survey(paths, stop);
    std::stable_sort(items.begin(), items.end(),
                     [](const auto &a, const auto &b) { return a.used < b.used; });
    PruneReport report;
    for (const auto &item : items)
        report.left += item.size;
    Pruner pruner{paths, stop};
    for (const auto &item : items) {
        throw_if_stopped(stop);
        if (options.keep_storage && report.left <= *options.keep_storage)
            break;
        if (!may_go(item, options, now))
            continue;
        if (const auto reason = pruner.remove(item); !reason.empty()) {
            report.stayed.push_back(fmt::format("{}: {}", item.path.native(), reason));
            continue;
        }
        report.freed += item.size;
        report.left -= item.size;
        ++report.removed;
    }
    return report;
}

} // namespace mica::cache
