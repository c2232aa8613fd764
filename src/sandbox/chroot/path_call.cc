#include "sandbox/chroot/path_call.hh"

#include "base/error.hh"
#include <array>
#include <cerrno>
#include <climits>
#include <fmt/format.h>
#include <unistd.h>

namespace mica::sandbox {
namespace {

/// Where a relative path begins, as the command sees it.
std::optional<std::string> base_of(const SystemCall &call, const PathArguments &arguments,
                                   const SupervisedTree &tree)
{
    const int directory = arguments.directory ? call.integer(*arguments.directory) : AT_FDCWD;
    const auto link = directory == AT_FDCWD ? fmt::format("/proc/{}/cwd", call.thread())
                                            : fmt::format("/proc/{}/fd/{}", call.thread(), directory);
    std::array<char, PATH_MAX> text{};
    const os::ThreadFacts caller = caller_of(call);
    const auto size = as_caller(caller, [&] { return ::readlink(link.c_str(), text.data(), text.size()); });
    if (size <= 0 || text[0] != '/')
        return std::nullopt;
    std::string outside{text.data(), static_cast<std::size_t>(size)};
    call.still_waits();
    if (!outside.starts_with(tree.root()))
        return std::nullopt;
    return tree.seen_inside(std::move(outside));
}

} // namespace

os::ThreadFacts caller_of(const SystemCall &call)
{
    try {
        auto facts = os::facts_of(call.thread());
        call.still_waits();
        return facts;
    } catch (const Error &) {
        throw CallFailed{ESRCH};
    }
}

std::optional<std::string> path_of(const SystemCall &call, unsigned argument)
{
    try {
        return call.text(argument);
    } catch (const CallFailed &failed) {
        if (failed.error_number != EFAULT)
            throw;
    }
    try {
        return as_caller(caller_of(call), [&] { return call.text(argument); });
    } catch (const CallFailed &) {
        return std::nullopt;
    }
}

void write_memory(const SystemCall &call, std::uint64_t address, std::span<const std::byte> bytes)
{
    try {
        call.write(address, bytes);
    } catch (const CallFailed &failed) {
        if (failed.error_number != EFAULT)
            throw;
        as_caller(caller_of(call), [&] { call.write(address, bytes); });
    }
}

std::string from_root(const SystemCall &call, std::string path, const PathArguments &arguments,
                      const SupervisedTree &tree)
{
    if (!path.starts_with("proc/") && !path.starts_with("dev/") && path != "proc")
        return path;
    const auto base = base_of(call, arguments, tree);
    return base == "/" ? "/" + path : path;
}

std::optional<std::string> absolute(const SystemCall &call, const std::string &path,
                                    const PathArguments &arguments, const SupervisedTree &tree)
{
    if (path.starts_with('/'))
        return path;
    const auto base = base_of(call, arguments, tree);
    if (!base)
        return std::nullopt;
    return *base + "/" + path;
}

} // namespace mica::sandbox
