#include "sandbox/cache_directories.hh"

#include "io/hash.hh"
#include "sandbox/extracted_layers.hh"
#include <algorithm>
#include <fmt/format.h>
#include <system_error>
#include <utility>
#include <variant>

namespace mica::sandbox {

namespace fs = std::filesystem;

namespace {

using Sharing = CacheDirectory::Sharing;

fs::path lock_file(const fs::path &directory, const std::string &name)
{
    return directory / (name + ".lock");
}

/// What a command wants of one id: the strictest of all that its mounts say.
struct Wanted {
    const CacheDirectory *first = nullptr;
    Sharing sharing = Sharing::shared;
};

/// Sorted by id. Whoever wants several locks takes them in this order: two commands that
/// want the same two can then not wait for each other.
std::map<std::string, Wanted> wanted_caches(std::span<const Mount> mounts)
{
    std::map<std::string, Wanted> wanted;
    for (const auto &mount : mounts) {
        const auto *cache = std::get_if<CacheDirectory>(&mount.what);
        if (cache == nullptr)
            continue;
        auto &one = wanted[cache->id];
        if (one.first == nullptr)
            one.first = cache;
        one.sharing = std::max(one.sharing, cache->sharing);
    }
    return wanted;
}

} // namespace

bool CacheDirectories::is_there(const std::string &name) const
{
    std::error_code ignored;
    return fs::exists(directory_ / name, ignored);
}

os::FileLock CacheDirectories::lock(const std::string &name, os::LockMode mode,
                                    const std::stop_token &stop) const
{
    return {lock_file(directory_, name), mode, stop};
}

/// The first that nobody uses.
HeldCache CacheDirectories::free_one(const std::string &name) const
{
    for (unsigned number = 0;; ++number) {
        auto candidate = number == 0 ? name : fmt::format("{}-{}", name, number);
        if (auto got = os::FileLock::try_lock(lock_file(directory_, candidate), os::LockMode::exclusive))
            return {std::move(candidate), std::move(*got)};
    }
}

void CacheDirectories::make(const std::string &name, const CacheDirectory &cache, AgentProcess &agent,
                            EventBus &bus, TaskId parent, const std::stop_token &stop) const
{
    Task task{bus, parent, TaskKind::extract, "make a cache directory"};
    (void)extract({Place::caches, name}, cache.open_initial(stop), agent, task, stop);
}

/// Whoever finds none makes it alone. Others wait for that, but not for the commands that use it then:
/// nobody ever waits for the exclusive lock.
HeldCache CacheDirectories::shared_one(const std::string &name, const CacheDirectory &cache,
                                       AgentProcess &agent, EventBus &bus, TaskId parent,
                                       const std::stop_token &stop) const
{
    while (true) {
        if (!is_there(name)) {
            if (auto got = os::FileLock::try_lock(lock_file(directory_, name), os::LockMode::exclusive)) {
                if (!is_there(name))
                    make(name, cache, agent, bus, parent, stop);
                got->share();
                return {name, std::move(*got)};
            }
        }
        auto used = lock(name, os::LockMode::shared, stop);
        if (is_there(name))
            return {name, std::move(used)};
    }
}

HeldCaches CacheDirectories::hold(std::span<const Mount> mounts, AgentProcess &agent, EventBus &bus,
                                  TaskId parent, const std::stop_token &stop) const
{
    HeldCaches held;
    for (auto &[id, wanted] : wanted_caches(mounts)) {
        if (one_at_a_time_)
            wanted.sharing = std::max(wanted.sharing, Sharing::alone);
        // An id may be any text; a digest is a name.
        const auto name = sha256(id).hex();
        if (wanted.sharing == Sharing::shared) {
            held.emplace(id, shared_one(name, *wanted.first, agent, bus, parent, stop));
            continue;
        }
        auto one = wanted.sharing == Sharing::own
                       ? free_one(name)
                       : HeldCache{name, lock(name, os::LockMode::exclusive, stop)};
        if (!is_there(one.name))
            make(one.name, *wanted.first, agent, bus, parent, stop);
        held.emplace(id, std::move(one));
    }
    return held;
}

} // namespace mica::sandbox
