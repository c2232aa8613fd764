#include "os/thread_facts.hh"

#include "base/text.hh"
#include "io/fd.hh"
#include <array>
#include <charconv>
#include <exception>
#include <fmt/format.h>
#include <sys/syscall.h>
#include <unistd.h>

// Every id of the kernel's is a thread's own; that libc changes them in all threads at once is
// POSIX, not Linux. So the calls here are the kernel's own. The effective user stays root until the
// end, for the privilege to come back lies there; what decides about files is the file system ids,
// and what decides about looking into a process is the real ones.

namespace mica::os {
namespace {

constexpr std::uint64_t largest_status = 65536;

template <class Number> Number number_in(std::string_view text)
{
    Number value{};
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

std::vector<std::uint32_t> numbers_in(std::string_view text)
{
    std::vector<std::uint32_t> numbers;
    for (const auto blank : {' ', '\t'})
        if (text.find(blank) != std::string_view::npos) {
            for (const auto part : split(text, blank))
                if (!trim(part).empty())
                    numbers.push_back(number_in<std::uint32_t>(trim(part)));
            return numbers;
        }
    if (!text.empty())
        numbers.push_back(number_in<std::uint32_t>(text));
    return numbers;
}

Ids ids_in(std::string_view text)
{
    const auto numbers = numbers_in(text);
    return numbers.size() == 4 ? Ids{numbers[0], numbers[1], numbers[2], numbers[3]} : Ids{};
}

constexpr std::uint32_t unchanged = ~std::uint32_t{0};

bool set_ids(long call, std::uint32_t real)
{
    return ::syscall(call, real, unchanged, unchanged) == 0;
}

} // namespace

ThreadFacts parse_status(std::string_view text)
{
    ThreadFacts facts;
    for (const auto line : split(text, '\n')) {
        const auto colon = line.find(':');
        if (colon == std::string_view::npos)
            continue;
        const auto name = line.substr(0, colon);
        const auto value = trim(line.substr(colon + 1));
        if (name == "Tgid")
            facts.process = number_in<pid_t>(value);
        else if (name == "PPid")
            facts.parent = number_in<pid_t>(value);
        else if (name == "Uid")
            facts.uids = ids_in(value);
        else if (name == "Gid")
            facts.gids = ids_in(value);
        else if (name == "Groups")
            facts.groups = numbers_in(value);
    }
    return facts;
}

ThreadFacts facts_of(pid_t thread)
{
    return parse_status(read_file(fmt::format("/proc/{}/status", thread), largest_status));
}

BorrowedIds::BorrowedIds(const ThreadFacts &whose)
{
    constexpr Ids root{};
    if (::geteuid() != 0 || (whose.uids == root && whose.gids == root))
        return;
    changed_ = true;
    worked_ = ::syscall(SYS_setgroups, whose.groups.size(), whose.groups.data()) == 0 &&
              set_ids(SYS_setresgid, whose.gids.real) && set_ids(SYS_setresuid, whose.uids.real);
    ::syscall(SYS_setfsgid, whose.gids.file_system);
    ::syscall(SYS_setfsuid, whose.uids.file_system);
}

BorrowedIds::~BorrowedIds()
{
    if (!changed_)
        return;
    // setfsuid first: it alone gives the capabilities about files back.
    ::syscall(SYS_setfsuid, 0);
    ::syscall(SYS_setfsgid, 0);
    // A supervisor that could not come back would act for the next process under a stranger's ids.
    if (::syscall(SYS_setresuid, 0, 0, 0) != 0 || ::syscall(SYS_setresgid, 0, 0, 0) != 0 ||
        ::syscall(SYS_setgroups, 0, nullptr) != 0)
        std::terminate();
}

} // namespace mica::os
