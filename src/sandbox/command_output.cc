#include "sandbox/command_output.hh"

#include "base/error.hh"
#include "base/stop.hh"
#include "os/check.hh"
#include "os/socket.hh"
#include <array>
#include <cerrno>
#include <cstdint>
#include <exception>
#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <vector>

namespace mica::sandbox {
namespace {

/// One pipe of the command's. The read end does not block.
class OutputPipe {
public:
    explicit OutputPipe(bool is_stderr) : is_stderr_{is_stderr}
    {
        auto [read_end, write_end] = os::pipe();
        os::check(::fcntl(read_end.get(), F_SETFL, O_NONBLOCK), "fcntl");
        read_ = std::move(read_end);
        write_ = std::move(write_end);
    }
    [[nodiscard]] int write_fd() const { return write_.get(); }
    void close_write() { write_.reset(); }
    /// -1 after the end: poll(2) skips it.
    [[nodiscard]] int read_fd() const { return read_.get(); }
    /// One piece; false when nothing more is there now.
    bool pass_on(const OutputVisitor &output)
    {
        if (!read_)
            return false;
        std::array<std::byte, 65536> buffer;
        const ssize_t count = ::read(read_.get(), buffer.data(), buffer.size());
        if (count < 0) {
            if (errno == EINTR)
                return true;
            if (errno == EAGAIN)
                return false;
            throw system_error("read a command's output", errno);
        }
        if (count == 0) {
            read_.reset();
            return false;
        }
        if (output)
            output(is_stderr_, std::span{buffer}.first(static_cast<std::size_t>(count)));
        return true;
    }

private:
    bool is_stderr_;
    Fd read_, write_;
};

class Watch {
public:
    Watch(AgentProcess &agent, const OutputVisitor &output, const std::stop_token &stop)
        : agent_{agent}, output_{output}, stop_{stop},
          stopped_{os::check(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd")}
    {
    }

    RunAnswer run(const std::string &request)
    {
        const std::array<int, 2> fds{out_.write_fd(), err_.write_fd()};
        agent_.send(Ask::run, request, fds);
        out_.close_write();
        err_.close_write();
        const std::stop_callback wake{stop_, [this] {
                                          const std::uint64_t one = 1;
                                          (void)!::write(stopped_.get(), &one, sizeof one);
                                      }};
        while (!answer_ && !agent_error_)
            turn();
        // Everybody who could write is dead: what is in the pipes is all.
        drain(out_);
        drain(err_);
        if (output_error_)
            std::rethrow_exception(output_error_);
        throw_if_stopped(stop_);
        if (agent_error_)
            std::rethrow_exception(agent_error_);
        return *answer_;
    }

private:
    void turn()
    {
        std::array<pollfd, 4> watched{{{out_.read_fd(), POLLIN, 0},
                                       {err_.read_fd(), POLLIN, 0},
                                       {agent_.fd(), POLLIN, 0},
                                       {killed_ ? -1 : stopped_.get(), POLLIN, 0}}};
        if (::poll(watched.data(), watched.size(), -1) < 0) {
            if (errno != EINTR)
                throw system_error("poll", errno);
            return;
        }
        if (watched[0].revents != 0)
            pass_on(out_);
        if (watched[1].revents != 0)
            pass_on(err_);
        if (watched[3].revents != 0)
            kill();
        if (watched[2].revents != 0)
            take_answer();
    }
    void pass_on(OutputPipe &pipe)
    {
        try {
            pipe.pass_on(output_error_ ? OutputVisitor{} : output_);
        } catch (...) {
            output_error_ = std::current_exception();
            kill();
        }
    }
    void drain(OutputPipe &pipe)
    {
        try {
            while (pipe.pass_on(output_error_ ? OutputVisitor{} : output_)) {
            }
        } catch (...) {
            output_error_ = std::current_exception();
        }
    }
    void kill()
    {
        if (!killed_)
            agent_.send(Ask::kill);
        killed_ = true;
    }
    void take_answer()
    {
        try {
            answer_ = decode<RunAnswer>(agent_.receive().body);
        } catch (const Error &) {
            agent_error_ = std::current_exception();
        }
    }

    AgentProcess &agent_;
    const OutputVisitor &output_;
    const std::stop_token &stop_;
    Fd stopped_; ///< an eventfd: readable once a stop is requested
    OutputPipe out_{false}, err_{true};
    bool killed_ = false;
    std::exception_ptr output_error_, agent_error_;
    std::optional<RunAnswer> answer_;
};

} // namespace

RunAnswer run_and_watch(AgentProcess &agent, const std::string &request, const OutputVisitor &output,
                        const std::stop_token &stop)
{
    throw_if_stopped(stop);
    return Watch{agent, output, stop}.run(request);
}

} // namespace mica::sandbox
