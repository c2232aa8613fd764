#include "sandbox/id_map.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "io/fd.hh"
#include "os/process.hh"
#include "os/socket.hh"
#include <charconv>
#include <fcntl.h>
#include <fmt/format.h>
#include <optional>
#include <unistd.h>

namespace mica::sandbox {
namespace {

/// Enough for the users and groups of any common image.
constexpr std::uint64_t least_useful = 1000;

std::optional<std::uint32_t> to_number(std::string_view text)
{
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

std::vector<std::string_view> words(std::string_view line)
{
    std::vector<std::string_view> found;
    for (const auto word : split(line, ' '))
        if (!trim(word).empty())
            found.push_back(trim(word));
    return found;
}

/// The name that /etc/passwd has for a uid; empty if it has none.
std::string user_name(std::string_view passwd, std::uint32_t uid)
{
    for (const auto line : split(passwd, '\n')) {
        const auto fields = split(line, ':');
        if (fields.size() > 2 && to_number(fields[2]) == uid)
            return std::string{fields[0]};
    }
    return {};
}

std::string read_or_empty(const char *path)
{
    try {
        return read_file(path);
    } catch (const Error &) {
        return {};
    }
}

std::uint64_t total(const std::vector<IdRange> &ranges)
{
    std::uint64_t sum = 0;
    for (const auto &range : ranges)
        sum += range.count;
    return sum;
}

std::vector<IdRange> subordinate(const char *file, std::string_view user, std::uint32_t uid, std::uint32_t id)
{
    auto ranges = rootless_map(read_or_empty(file), user, uid, id);
    if (total(ranges) < least_useful)
        throw Error{ErrorKind::unsupported, fmt::format("{} gives no range of ids to user {}", file,
                                                        user.empty() ? std::to_string(uid) : user)}
            .with_hint(
                fmt::format("as root: usermod --add-subuids 100000-165535 --add-subgids 100000-165535 {}",
                            user.empty() ? "USER" : user));
    return ranges;
}

std::string find_helper(const std::string &name)
{
    for (const char *directory : {"/usr/bin", "/bin", "/usr/local/bin", "/usr/sbin", "/sbin"}) {
        auto path = fmt::format("{}/{}", directory, name);
        if (::access(path.c_str(), X_OK) == 0)
            return path;
    }
    throw Error{ErrorKind::unsupported, fmt::format("{} is not installed", name)}.with_hint(
        "install it: the package is called uidmap (Debian) or shadow-utils (Fedora)");
}

void run_helper(const std::string &name, pid_t pid, const std::vector<IdRange> &ranges)
{
    os::SpawnOptions options;
    options.executable = find_helper(name);
    options.argv = {name, std::to_string(pid)};
    for (const auto &range : ranges)
        for (const auto number : {range.inside, range.outside, range.count})
            options.argv.push_back(std::to_string(number));
    auto [read_end, write_end] = os::pipe();
    options.standard_error = write_end.get();
    auto helper = os::spawn(options);
    write_end.reset();
    FdSource errors{std::move(read_end)};
    const auto text = read_all(errors, std::uint64_t{1} << 16);
    if (helper.wait().shell_status() != 0)
        throw Error{ErrorKind::unsupported, fmt::format("{} failed: {}", name, trim(text))};
}

void write_map(pid_t pid, const char *file, const std::vector<IdRange> &ranges)
{
    const auto path = fmt::format("/proc/{}/{}", pid, file);
    const Fd map = open_file(path, O_WRONLY);
    in_context([&] { return fmt::format("write {}", path); },
               [&] { write_all(map.get(), as_bytes(map_text(ranges))); });
}

} // namespace

std::string map_text(const std::vector<IdRange> &ranges)
{
    std::string text;
    for (const auto &range : ranges)
        text += fmt::format("{} {} {}\n", range.inside, range.outside, range.count);
    return text;
}

std::vector<IdRange> identity_of(std::string_view own_map)
{
    std::vector<IdRange> ranges;
    for (const auto line : split(own_map, '\n')) {
        const auto fields = words(line);
        if (fields.size() != 3)
            continue;
        const auto inside = to_number(fields[0]);
        const auto count = to_number(fields[2]);
        if (inside && count)
            ranges.push_back({*inside, *inside, *count});
    }
    return ranges;
}

std::vector<IdRange> rootless_map(std::string_view subids, std::string_view user, std::uint32_t uid,
                                  std::uint32_t id)
{
    std::vector<IdRange> ranges{{0, id, 1}};
    std::uint32_t next = 1;
    for (const auto line : split(subids, '\n')) {
        const auto fields = split(trim(line), ':');
        if (fields.size() != 3)
            continue;
        const bool ours = (!user.empty() && fields[0] == user) || to_number(fields[0]) == uid;
        const auto start = to_number(fields[1]);
        const auto count = to_number(fields[2]);
        if (!ours || !start || !count || *count == 0)
            continue;
        ranges.push_back({next, *start, *count});
        next += *count;
    }
    return ranges;
}

IdMaps available_maps()
{
    const std::uint32_t uid = ::geteuid();
    if (uid == 0)
        return {identity_of(read_or_empty("/proc/self/uid_map")),
                identity_of(read_or_empty("/proc/self/gid_map")), false};
    const auto user = user_name(read_or_empty("/etc/passwd"), uid);
    return {subordinate("/etc/subuid", user, uid, uid), subordinate("/etc/subgid", user, uid, ::getegid()),
            true};
}

IdMaps single_maps()
{
    return {{{0, ::geteuid(), 1}}, {{0, ::getegid(), 1}}, false};
}

void write_id_maps(pid_t pid, const IdMaps &maps)
{
    // Who may map only its own group must first give up setgroups(2), which could drop a group that
    // a file denies access to (user_namespaces(7)).
    if (maps.is_single()) {
        const Fd denial = open_file(fmt::format("/proc/{}/setgroups", pid), O_WRONLY);
        write_all(denial.get(), as_bytes("deny"));
    }
    if (maps.through_helpers) {
        run_helper("newuidmap", pid, maps.uids);
        run_helper("newgidmap", pid, maps.gids);
    } else {
        write_map(pid, "uid_map", maps.uids);
        write_map(pid, "gid_map", maps.gids);
    }
}

} // namespace mica::sandbox
