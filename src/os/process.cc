#include "os/process.hh"

#include "base/handle.hh"
#include "os/check.hh"
#include "os/directory.hh"
#include <cerrno>
#include <charconv>
#include <csignal>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace mica::os {
namespace {

std::vector<char *> pointers(const std::vector<std::string> &texts)
{
    std::vector<char *> result;
    for (const auto &text : texts)
        result.push_back(const_cast<char *>(text.c_str()));
    result.push_back(nullptr);
    return result;
}

/// posix_spawn's two argument objects, which need destroying.
struct FileActions {
    posix_spawn_file_actions_t value{};
    FileActions() { ::posix_spawn_file_actions_init(&value); }
    FileActions(const FileActions &) = delete;
    FileActions &operator=(const FileActions &) = delete;
    ~FileActions() { ::posix_spawn_file_actions_destroy(&value); }
};
struct Attributes {
    posix_spawnattr_t value{};
    Attributes() { ::posix_spawnattr_init(&value); }
    Attributes(const Attributes &) = delete;
    Attributes &operator=(const Attributes &) = delete;
    ~Attributes() { ::posix_spawnattr_destroy(&value); }
};

void use_clean_signals(posix_spawnattr_t &attributes)
{
    sigset_t all;
    sigset_t none;
    sigfillset(&all);
    sigemptyset(&none);
    ::posix_spawnattr_setsigdefault(&attributes, &all);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    constexpr int flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID;
    ::posix_spawnattr_setflags(&attributes, flags);
}

/// From "pid (name) state parent …"; the name may contain anything.
pid_t parent_in(std::string_view stat)
{
    const auto name_end = stat.rfind(") ");
    if (name_end == std::string_view::npos || stat.size() < name_end + 5)
        return 0;
    const auto rest = stat.substr(name_end + 4);
    pid_t parent = 0;
    std::from_chars(rest.data(), rest.data() + rest.size(), parent);
    return parent;
}

std::vector<pid_t> children_of(pid_t parent)
{
    std::vector<pid_t> children;
    const Fd proc = open_file("/proc", O_RDONLY | O_DIRECTORY);
    for (const auto &name : list_directory(proc.get())) {
        pid_t pid = 0;
        const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), pid);
        if (error != std::errc{} || end != name.data() + name.size())
            continue;
        try {
            if (parent_in(read_file(fmt::format("/proc/{}/stat", pid))) == parent)
                children.push_back(pid);
        } catch (const Error &) {
            continue; // it has ended meanwhile
        }
    }
    return children;
}

} // namespace

Process &Process::operator=(Process &&other) noexcept
{
    if (this != &other) {
        const Process old{std::exchange(pid_, std::exchange(other.pid_, 0)),
                          std::exchange(pidfd_, std::move(other.pidfd_))};
    }
    return *this;
}

Process::~Process()
{
    if (pid_ <= 0)
        return;
    kill(SIGKILL);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
}

void Process::kill(int signal) const noexcept
{
    if (pid_ > 0)
        ::syscall(SYS_pidfd_send_signal, pidfd_.get(), signal, nullptr, 0);
}

Ended Process::wait()
{
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0) {
        if (errno != EINTR)
            throw system_error("waitpid", errno);
    }
    pid_ = 0;
    if (WIFSIGNALED(status))
        return {true, WTERMSIG(status)};
    return {false, WEXITSTATUS(status)};
}

bool Process::dies_within(int milliseconds) const
{
    pollfd watched{pidfd_.get(), POLLIN, 0};
    return ::poll(&watched, 1, milliseconds) > 0;
}

Process spawn(const SpawnOptions &options)
{
    FileActions actions;
    // Standard error first: its source may be number 3.
    if (options.standard_error)
        ::posix_spawn_file_actions_adddup2(&actions.value, *options.standard_error, STDERR_FILENO);
    if (options.third)
        ::posix_spawn_file_actions_adddup2(&actions.value, *options.third, 3);
    Attributes attributes;
    use_clean_signals(attributes.value);
    pid_t pid = 0;
    const auto argv = pointers(options.argv);
    const auto environment = pointers(options.environment);
    const int error_number = ::posix_spawn(&pid, options.executable.c_str(), &actions.value,
                                           &attributes.value, argv.data(), environment.data());
    if (error_number != 0)
        throw system_error(fmt::format("start {}", options.executable), error_number);
    // Nobody else waits for this pid, so it cannot have been reused.
    const auto pidfd = ::syscall(SYS_pidfd_open, pid, 0);
    if (pidfd < 0) {
        const int open_error = errno;
        ::kill(pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
        throw system_error("pidfd_open", open_error);
    }
    return Process{pid, Fd{static_cast<int>(pidfd)}};
}

Cloned clone_process(unsigned long flags)
{
    int pidfd = -1;
    // clone(2) itself: clone3 is refused by common seccomp filters. The null stack and the two
    // null arguments make the order of the last ones, which differs between machines, immaterial.
#if defined(__s390x__)
    const auto pid = ::syscall(SYS_clone, nullptr, flags | CLONE_PIDFD | SIGCHLD, &pidfd, nullptr, nullptr);
#else
    const auto pid = ::syscall(SYS_clone, flags | CLONE_PIDFD | SIGCHLD, nullptr, &pidfd, nullptr, nullptr);
#endif
    if (pid < 0)
        throw system_error("clone", errno);
    return {static_cast<pid_t>(pid), Fd{pid == 0 ? -1 : pidfd}};
}

void adopt_orphans()
{
    check(::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), "prctl PR_SET_CHILD_SUBREAPER");
}

void kill_children(pid_t spared)
{
    while (true) {
        auto children = children_of(::getpid());
        std::erase(children, spared);
        if (children.empty())
            return;
        for (const pid_t child : children)
            ::kill(child, SIGKILL);
        for (const pid_t child : children)
            while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
            }
    }
}

} // namespace mica::os
