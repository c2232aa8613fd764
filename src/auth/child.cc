#include "auth/child.hh"

#include "base/error.hh"
#include "io/fd.hh"
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace mica::auth {

namespace {

struct Pipe {
    Fd read_end, write_end;
};

Pipe make_pipe()
{
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        throw system_error("a pipe to a helper", errno);
    return {Fd{ends[0]}, Fd{ends[1]}};
}

/// A file in memory and not a pipe: a helper that does not read cannot block or kill us.
Fd input_file(const std::string &input)
{
    Fd file{::memfd_create("helper-input", MFD_CLOEXEC)};
    if (!file)
        throw system_error("the input of a helper", errno);
    write_all(file.get(), as_bytes(input));
    if (::lseek(file.get(), 0, SEEK_SET) != 0)
        throw system_error("the input of a helper", errno);
    return file;
}

/// Kills the child unless it was waited for.
class Child {
public:
    explicit Child(pid_t pid) : pid_{pid} {}
    Child(const Child &) = delete;
    Child &operator=(const Child &) = delete;
    ~Child()
    {
        if (pid_ > 0) {
            ::kill(pid_, SIGKILL);
            static_cast<void>(wait());
        }
    }
    int wait()
    {
        int status = 0;
        while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
        }
        pid_ = 0;
        return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    }

private:
    pid_t pid_;
};

pid_t spawn(const std::vector<std::string> &argv, int in, int out, int err)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO);
    // The program blocks its signals for the thread that waits for them; a helper starts fresh.
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    std::vector<char *> words;
    for (const auto &word : argv)
        words.push_back(const_cast<char *>(word.c_str()));
    words.push_back(nullptr);
    pid_t pid = 0;
    const int error = ::posix_spawnp(&pid, words.front(), &actions, &attributes, words.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (error != 0)
        throw system_error(fmt::format("cannot run {}", argv.front()), error);
    return pid;
}

/// One read; false at the end.
bool drain(int fd, std::string &into, std::size_t limit, const std::string &name)
{
    std::array<char, 8192> block{};
    const auto count = ::read(fd, block.data(), block.size());
    if (count < 0 && errno == EINTR)
        return true;
    if (count <= 0)
        return false;
    if (into.size() + static_cast<std::size_t>(count) > limit)
        throw Error{ErrorKind::denied, fmt::format("{} wrote more than {} bytes", name, limit)};
    into.append(block.data(), static_cast<std::size_t>(count));
    return true;
}

} // namespace

ChildResult run_child(const std::vector<std::string> &argv, const std::string &input,
                      std::chrono::milliseconds timeout, std::size_t limit)
{
    using Clock = std::chrono::steady_clock;
    const auto in = input_file(input);
    auto out = make_pipe();
    auto err = make_pipe();
    Child child{spawn(argv, in.get(), out.write_end.get(), err.write_end.get())};
    out.write_end.reset();
    err.write_end.reset();

    ChildResult result;
    const auto deadline = Clock::now() + timeout;
    std::array<pollfd, 2> waiting{pollfd{out.read_end.get(), POLLIN, 0},
                                  pollfd{err.read_end.get(), POLLIN, 0}};
    while (waiting[0].fd >= 0 || waiting[1].fd >= 0) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
        if (left <= 0)
            throw Error{ErrorKind::denied,
                        fmt::format("{} did not end within {} s", argv.front(),
                                    std::chrono::duration_cast<std::chrono::seconds>(timeout).count())};
        if (::poll(waiting.data(), waiting.size(), static_cast<int>(left)) < 0 && errno != EINTR)
            throw system_error("waiting for a helper", errno);
        if (waiting[0].revents != 0 && !drain(waiting[0].fd, result.out, limit, argv.front()))
            waiting[0].fd = -1;
        if (waiting[1].revents != 0 && !drain(waiting[1].fd, result.err, limit, argv.front()))
            waiting[1].fd = -1;
    }
    result.status = child.wait();
    return result;
}

} // namespace mica::auth
