#include "sandbox/translate/traced_calls.hh"

#include "sandbox/supervisor/reply.hh"
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace mica::sandbox {

TracedCalls::TracedCalls(const FileWorld &world, std::filesystem::path aliases)
    : world_{world}, aliases_{std::move(aliases)}
{
    add("execve", [this](const SystemCall &call) { return launch(call, 0, {AT_FDCWD, call.text(0)}); });
    add("execveat", [this](const SystemCall &call) {
        const unsigned flags = call.word(4);
        return launch(call, 1,
                      {call.integer(0), call.text(1), (flags & AT_SYMLINK_NOFOLLOW) == 0,
                       (flags & AT_EMPTY_PATH) != 0});
    });
    add("chdir", [this](const SystemCall &call) { return directory(call); });
    add("inotify_add_watch", [this](const SystemCall &call) {
        return path(call, 1, {AT_FDCWD, call.text(1), (call.word(2) & IN_DONT_FOLLOW) == 0});
    });
    add("bind", [this](const SystemCall &call) { return address(call, 1, true); });
    add("connect", [this](const SystemCall &call) { return address(call, 1, false); });
    add(
        "sendto", [this](const SystemCall &call) { return address(call, 4, false); },
        When{4, ~std::uint32_t{0}});
    add_opening();
}

void TracedCalls::add_opening()
{
    add(
        "open",
        [this](const SystemCall &call) {
            return path(call, 0, {AT_FDCWD, call.text(0), (call.word(1) & O_NOFOLLOW) == 0});
        },
        When{1, O_PATH});
    add(
        "openat",
        [this](const SystemCall &call) {
            return path(call, 1, {call.integer(0), call.text(1), (call.word(2) & O_NOFOLLOW) == 0});
        },
        When{2, O_PATH});
}

void TracedCalls::add(const char *name, const Body &body, std::optional<When> when)
{
    calls_.push_back({name, when});
    for (const Abi abi : machine_abis())
        if (const auto number = call_number(abi, name))
            bodies_[{abi, *number}] = body;
}

void TracedCalls::add_to(Dispatch &dispatch) const
{
    for (const auto &call : calls_)
        dispatch.trace(call.name, call.when);
}

std::optional<Rewriting> TracedCalls::rewrite(const SystemCall &call)
{
    const auto found = bodies_.find({call.abi(), call.number()});
    return found != bodies_.end() ? found->second(call) : std::nullopt;
}

TracedCalls::Answer TracedCalls::path(const SystemCall &call, unsigned argument, const FileName &name) const
{
    return Rewriting{argument, world_.paths.path_for_kernel(call, name) + '\0', std::nullopt, std::nullopt};
}

TracedCalls::Answer TracedCalls::directory(const SystemCall &call) const
{
    const FileName name{AT_FDCWD, call.text(0)};
    const Fd found = world_.paths.find(call, name);
    const auto shown = world_.fake.look(found.get());
    if (S_ISDIR(shown.stx_mode) && !FakeWorld::may(world_.fake.caller(call), shown, X_OK))
        throw CallFailed{EACCES};
    return path(call, 0, name);
}

TracedCalls::Answer TracedCalls::launch(const SystemCall &call, unsigned argument, const FileName &name) const
{
    auto plan = plan_launch(call, name, world_.paths, world_.fake);
    auto bytes = plan.executed + '\0';
    return Rewriting{argument, std::move(bytes), std::nullopt, std::move(plan)};
}

/// `makes`: the name is a new one.
TracedCalls::Answer TracedCalls::address(const SystemCall &call, unsigned argument, bool makes)
{
    constexpr std::size_t header = offsetof(sockaddr_un, sun_path);
    const auto size = call.word(argument + 1);
    if (size <= header || size > sizeof(sockaddr_un))
        return std::nullopt;
    sockaddr_un given{};
    call.read(call.argument(argument), std::as_writable_bytes(std::span{&given, 1}).first(size));
    if (given.sun_family != AF_UNIX || given.sun_path[0] == '\0')
        return std::nullopt;
    const FileName name{AT_FDCWD, std::string{given.sun_path, ::strnlen(given.sun_path, size - header)}};
    std::string directory;
    std::string last;
    if (makes) {
        auto place = [&] {
            try {
                return world_.paths.place(call, name);
            } catch (const CallFailed &failed) {
                throw CallFailed{failed.error_number == EEXIST ? EADDRINUSE : failed.error_number};
            }
        }();
        world_.fake.require_writable(world_.fake.caller(call), place.directory.get());
        directory = world_.paths.host_path(place.directory.get());
        last = place.name;
    } else {
        const std::filesystem::path path = world_.paths.path_for_kernel(call, name);
        directory = path.parent_path();
        last = path.filename();
    }
    const auto path = short_path(directory, last);
    std::string bytes(header, '\0');
    std::memcpy(bytes.data(), &given.sun_family, sizeof given.sun_family);
    bytes += path;
    bytes.push_back('\0');
    return Rewriting{argument, bytes, std::pair{argument + 1, std::uint64_t{bytes.size()}}, std::nullopt};
}

std::string TracedCalls::short_path(const std::string &directory, const std::string &name)
{
    constexpr std::size_t most = sizeof(sockaddr_un::sun_path) - 1;
    const auto whole = directory + '/' + name;
    if (whole.size() <= most)
        return whole;
    auto &alias = alias_of_[directory];
    if (alias.empty()) {
        const auto made = (aliases_ / std::to_string(alias_of_.size())).native();
        if (::symlink(directory.c_str(), made.c_str()) != 0)
            throw CallFailed{errno};
        alias = made;
    }
    const auto shortened = alias + '/' + name;
    if (shortened.size() > most)
        throw CallFailed{ENAMETOOLONG};
    return shortened;
}

} // namespace mica::sandbox
