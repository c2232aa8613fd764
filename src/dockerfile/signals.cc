#include "dockerfile/signals.hh"

#include "base/text.hh"
#include <array>
#include <charconv>
#include <csignal>
#include <string>
#include <utility>

namespace mica::dockerfile {

namespace {

// Real-time signals are numbered as the C library of Linux leaves them to programs,
// not as this process' library does.
constexpr int first_real_time = 34;
constexpr int last_real_time = 64;

constexpr std::array<std::pair<std::string_view, int>, 34> names{{
    {"ABRT", SIGABRT},     {"ALRM", SIGALRM},   {"BUS", SIGBUS},   {"CHLD", SIGCHLD}, {"CLD", SIGCHLD},
    {"CONT", SIGCONT},     {"FPE", SIGFPE},     {"HUP", SIGHUP},   {"ILL", SIGILL},   {"INT", SIGINT},
    {"IO", SIGIO},         {"IOT", SIGIOT},     {"KILL", SIGKILL}, {"PIPE", SIGPIPE}, {"POLL", SIGPOLL},
    {"PROF", SIGPROF},     {"PWR", SIGPWR},     {"QUIT", SIGQUIT}, {"SEGV", SIGSEGV}, {"STKFLT", SIGSTKFLT},
    {"STOP", SIGSTOP},     {"SYS", SIGSYS},     {"TERM", SIGTERM}, {"TRAP", SIGTRAP}, {"TSTP", SIGTSTP},
    {"TTIN", SIGTTIN},     {"TTOU", SIGTTOU},   {"URG", SIGURG},   {"USR1", SIGUSR1}, {"USR2", SIGUSR2},
    {"VTALRM", SIGVTALRM}, {"WINCH", SIGWINCH}, {"XCPU", SIGXCPU}, {"XFSZ", SIGXFSZ},
}};

std::optional<int> number(std::string_view text)
{
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

/// "RTMIN", "RTMIN+1" to "RTMIN+15", "RTMAX-14" to "RTMAX-1", "RTMAX".
std::optional<int> real_time(std::string_view name)
{
    const bool from_first = name.starts_with("RTMIN");
    if (!from_first && !name.starts_with("RTMAX"))
        return std::nullopt;
    const auto base = from_first ? first_real_time : last_real_time;
    name.remove_prefix(5);
    if (name.empty())
        return base;
    const auto offset = number(name.substr(1));
    if (name.front() != (from_first ? '+' : '-') || !offset || name[1] == '0' || *offset < 1 ||
        *offset > (from_first ? 15 : 14))
        return std::nullopt;
    return from_first ? base + *offset : base - *offset;
}

} // namespace

std::optional<int> parse_signal(std::string_view text)
{
    if (const auto value = number(text))
        return *value > 0 ? value : std::nullopt;
    const auto upper = to_upper(text);
    auto name = std::string_view{upper};
    if (name.starts_with("SIG"))
        name.remove_prefix(3);
    for (const auto &[known, value] : names)
        if (name == known)
            return value;
    return real_time(name);
}

} // namespace mica::dockerfile
