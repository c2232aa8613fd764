#include "sandbox/chroot/proc_path.hh"

#include "base/text.hh"
#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <span>
#include <vector>

namespace mica::sandbox {
namespace {

using Parts = std::vector<std::string_view>;

/// Docker covers these.
constexpr std::array<std::string_view, 11> hidden{"acpi", "asound",     "interrupts",    "kcore",
                                                  "keys", "kmsg",       "latency_stats", "sched_debug",
                                                  "scsi", "timer_list", "timer_stats"};
constexpr std::array<std::string_view, 9> writable{"autogroup",       "clear_refs", "comm",
                                                   "coredump_filter", "mem",        "oom_adj",
                                                   "oom_score_adj",   "sched",      "timerslack_ns"};

/// Without empty ones and "."; nullopt if ".." leads out of the root. A ".." takes back the
/// component before it, as in a tree without links: magic ones are found before (see below).
Parts components(std::string_view path)
{
    Parts parts;
    for (const auto part : split(path, '/')) {
        if (part.empty() || part == ".")
            continue;
        if (part != "..")
            parts.push_back(part);
        else if (!parts.empty())
            parts.pop_back();
    }
    return parts;
}

std::optional<pid_t> number(std::string_view text)
{
    pid_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value <= 0)
        return std::nullopt;
    return value;
}

std::string joined(std::span<const std::string_view> parts)
{
    return fmt::format("{}", fmt::join(parts, "/"));
}

/// The rule for a path below a process' directory.
ProcPath::What rule_for(std::span<const std::string_view> parts)
{
    using enum ProcPath::What;
    // A thread's directory is like its process'.
    if (parts.size() > 2 && parts[0] == "task")
        parts = parts.subspan(2);
    if (parts.empty())
        return file;
    const auto single = [&](ProcPath::What what) { return parts.size() == 1 ? what : refused; };
    if (parts[0] == "exe")
        return single(executable);
    if (parts[0] == "cwd")
        return single(working_directory);
    if (parts[0] == "root")
        return single(root);
    if (parts[0] == "fd" && parts.size() > 1)
        return parts.size() == 2 ? descriptor : refused;
    if ((parts[0] == "ns" || parts[0] == "map_files") && parts.size() > 1)
        return refused;
    return file;
}

ProcPath of_process(std::span<const std::string_view> rest, ProcPath::Caller caller, pid_t pid, bool is_alias)
{
    ProcPath path;
    path.whose = ProcPath::Whose::process;
    path.caller = caller;
    path.pid = pid;
    path.what = rule_for(rest);
    path.rest = joined(rest);
    path.is_alias = is_alias;
    return path;
}

ProcPath in_proc(std::span<const std::string_view> parts)
{
    ProcPath path;
    if (parts.empty())
        return path;
    const auto first = parts.front();
    const auto rest = parts.subspan(1);
    if (first == "self")
        return of_process(rest, ProcPath::Caller::process, 0, rest.empty());
    if (first == "thread-self")
        return of_process(rest, ProcPath::Caller::thread, 0, rest.empty());
    if (first == "mounts" || first == "net")
        return of_process(parts, ProcPath::Caller::process, 0, rest.empty());
    if (const auto pid = number(first))
        return of_process(rest, ProcPath::Caller::no, *pid, false);
    path.whose = ProcPath::Whose::machine;
    path.what = std::ranges::find(hidden, first) != hidden.end() || first == "sysrq-trigger"
                    ? ProcPath::What::refused
                    : ProcPath::What::file;
    path.rest = joined(parts);
    return path;
}

/// /dev/fd, /dev/stdin and so on, as they are links in every /dev.
std::optional<ProcPath> in_dev(std::span<const std::string_view> parts)
{
    if (parts.empty())
        return std::nullopt;
    if (parts[0] == "fd")
        return of_process(parts, ProcPath::Caller::process, 0, parts.size() == 1);
    constexpr std::array<std::pair<std::string_view, std::string_view>, 3> streams{
        {{"stdin", "0"}, {"stdout", "1"}, {"stderr", "2"}}};
    for (const auto &[name, descriptor] : streams)
        if (parts.size() == 1 && parts[0] == name)
            return of_process(std::array<std::string_view, 2>{"fd", descriptor}, ProcPath::Caller::process, 0,
                              true);
    return std::nullopt;
}

/// A magic link followed by more, before ".." is taken back: /proc/self/cwd/../x is not /proc/self/x.
bool passes_magic_link(std::string_view path)
{
    Parts parts;
    for (const auto part : split(path, '/'))
        if (!part.empty() && part != ".")
            parts.push_back(part);
    for (std::size_t i = 0; i + 1 < parts.size(); ++i)
        if (i > 0 &&
            (parts[i] == "cwd" || parts[i] == "root" || parts[i] == "exe" || parts[i - 1] == "fd" ||
             parts[i - 1] == "map_files" || parts[i - 1] == "ns") &&
            parts[0] == "proc")
            return true;
    return false;
}

} // namespace

std::optional<ProcPath> parse_proc_path(std::string_view path)
{
    if (!path.starts_with('/') ||
        (path.find("proc") == std::string_view::npos && path.find("dev") == std::string_view::npos))
        return std::nullopt;
    const auto parts = components(path);
    if (parts.empty())
        return std::nullopt;
    const auto rest = std::span{parts}.subspan(1);
    if (parts[0] == "dev")
        return in_dev(rest);
    if (parts[0] != "proc")
        return std::nullopt;
    auto parsed = in_proc(rest);
    if (passes_magic_link(path))
        parsed.what = ProcPath::What::refused;
    return parsed;
}

bool is_writable_in_proc(const ProcPath &path)
{
    if (path.whose != ProcPath::Whose::process)
        return false;
    const auto slash = path.rest.rfind('/');
    const auto parent = slash == std::string::npos ? std::string{} : path.rest.substr(0, slash);
    const auto name = slash == std::string::npos ? path.rest : path.rest.substr(slash + 1);
    const bool in_own_directory = parent.empty() || parent.starts_with("task/");
    return in_own_directory && std::ranges::find(writable, name) != writable.end();
}

} // namespace mica::sandbox
