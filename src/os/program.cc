#include "os/program.hh"

#include "base/error.hh"
#include "base/stop.hh"
#include "base/text.hh"
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <fmt/format.h>
#include <functional>
#include <optional>
#include <poll.h>
#include <spawn.h>
#include <stop_token>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace mica::os {

namespace {

constexpr std::size_t error_tail = std::size_t{16} * 1024;

struct Pipe {
    Fd read_end, write_end;
};

Pipe make_pipe()
{
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        throw system_error("a pipe to a program", errno);
    return {Fd{ends[0]}, Fd{ends[1]}};
}

std::vector<char *> pointers(const std::vector<std::string> &texts)
{
    std::vector<char *> result;
    for (const auto &text : texts)
        result.push_back(const_cast<char *>(text.c_str()));
    result.push_back(nullptr);
    return result;
}

/// In a session of its own, with every signal at its default; `standard` are its descriptors 0, 1, 2.
Process start(const std::vector<std::string> &argv, const std::vector<std::string> &environment,
              const std::array<int, 3> &standard)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
    for (int number = 0; number < 3; ++number)
        ::posix_spawn_file_actions_adddup2(&actions, standard.at(static_cast<std::size_t>(number)), number);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setsigdefault(&attributes, &all);
    ::posix_spawnattr_setflags(&attributes,
                               POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID);
    pid_t pid = 0;
    const int error = ::posix_spawn(&pid, argv.front().c_str(), &actions, &attributes, pointers(argv).data(),
                                    pointers(environment).data());
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
    if (error != 0)
        throw system_error("start " + argv.front(), error);
    const auto pidfd = ::syscall(SYS_pidfd_open, pid, 0);
    return Process{pid, Fd{static_cast<int>(pidfd)}};
}

/// A descriptor that becomes readable when a stop is requested.
class StopSignal {
public:
    explicit StopSignal(const std::stop_token &stop)
        : event_{make_event()}, callback_{stop, [fd = event_.get()] { ::eventfd_write(fd, 1); }}
    {
    }
    [[nodiscard]] int fd() const { return event_.get(); }

private:
    static Fd make_event()
    {
        Fd event{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
        if (!event)
            throw system_error("eventfd", errno);
        return event;
    }
    Fd event_;
    std::stop_callback<std::function<void()>> callback_;
};

/// What was read; empty at the end.
std::string_view read_some(int fd, std::array<char, 16384> &block)
{
    while (true) {
        const auto count = ::read(fd, block.data(), block.size());
        if (count >= 0)
            return {block.data(), static_cast<std::size_t>(count)};
        if (errno != EINTR)
            throw system_error("reading what a program says", errno);
    }
}

void keep_tail(std::string &text, std::string_view more)
{
    text.append(more);
    if (text.size() > 2 * error_tail)
        text.erase(0, text.size() - error_tail);
}

/// The program leads a process group of its own, in which its helpers are.
void kill_group(const Process &process)
{
    if (process.pid() > 0)
        ::kill(-process.pid(), SIGKILL);
}

/// Reads both streams to their ends.
class Collector {
public:
    Collector(Fd out, Fd err, std::size_t limit) : out_{std::move(out)}, err_{std::move(err)}, limit_{limit}
    {
    }

    void collect(ProgramResult &result, const std::stop_token &stop)
    {
        const StopSignal stopped{stop};
        std::array<pollfd, 3> watched{
            {{out_.get(), POLLIN, 0}, {err_.get(), POLLIN, 0}, {stopped.fd(), POLLIN, 0}}};
        while (watched[0].fd >= 0 || watched[1].fd >= 0) {
            if (::poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR)
                throw system_error("poll", errno);
            throw_if_stopped(stop);
            if (watched[0].fd >= 0 && watched[0].revents != 0 && !take_output(result.out))
                watched[0].fd = -1;
            if (watched[1].fd >= 0 && watched[1].revents != 0 && !take_error(result.err))
                watched[1].fd = -1;
        }
        if (result.err.size() > error_tail)
            result.err.erase(0, result.err.size() - error_tail);
    }

private:
    bool take_output(std::string &into)
    {
        const auto more = read_some(out_.get(), block_);
        if (into.size() + more.size() > limit_)
            throw Error{ErrorKind::integrity, fmt::format("a program wrote more than {} bytes", limit_)};
        into.append(more);
        return !more.empty();
    }
    bool take_error(std::string &into)
    {
        const auto more = read_some(err_.get(), block_);
        keep_tail(into, more);
        return !more.empty();
    }

    Fd out_, err_;
    std::size_t limit_;
    std::array<char, 16384> block_{};
};

} // namespace

std::optional<std::string> find_program(std::string_view name, std::string_view search_path)
{
    for (const auto directory : split(search_path, ':')) {
        if (!directory.starts_with('/'))
            continue;
        auto path = fmt::format("{}/{}", directory, name);
        struct stat status{};
        if (::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
            ::access(path.c_str(), X_OK) == 0)
            return path;
    }
    return std::nullopt;
}

ProgramResult run_program(const std::vector<std::string> &argv, const std::vector<std::string> &environment,
                          std::size_t limit, const std::stop_token &stop)
{
    const Fd nothing = open_file("/dev/null", O_RDONLY);
    auto out = make_pipe();
    auto err = make_pipe();
    auto process = start(argv, environment, {nothing.get(), out.write_end.get(), err.write_end.get()});
    out.write_end.reset();
    err.write_end.reset();
    try {
        ProgramResult result;
        Collector{std::move(out.read_end), std::move(err.read_end), limit}.collect(result, stop);
        result.ended = process.wait();
        return result;
    } catch (...) {
        kill_group(process);
        throw;
    }
}

} // namespace mica::os
