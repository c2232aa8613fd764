#pragma once
/// @file
/// What becomes of a system call that a supervisor was told about.
#include "io/fd.hh"
#include <cstdint>
#include <functional>
#include <utility>

namespace mica::sandbox {

/// Thrown by handlers: the call fails with this errno in the process that made it. Not a failure
/// of mica's, hence no Error.
struct CallFailed {
    int error_number;
};

class Reply {
public:
    enum class Kind : std::uint8_t {
        pass,       ///< the handler has nothing to say: the next one is asked, at last the kernel
        go_on,      ///< the kernel does the call; no other handler is asked
        value,      ///< the call returns `number`
        error,      ///< the call fails with errno `number`
        descriptor, ///< the call returns a new descriptor of the process for `file`
        later       ///< `work` blocks, and returns the reply
    };

    [[nodiscard]] static Reply pass() { return Reply{Kind::pass, 0}; }
    /// The kernel reads the call's memory again: never a decision about what may be reached.
    [[nodiscard]] static Reply go_on() { return Reply{Kind::go_on, 0}; }
    [[nodiscard]] static Reply value(std::int64_t number = 0) { return Reply{Kind::value, number}; }
    [[nodiscard]] static Reply error(int error_number) { return Reply{Kind::error, error_number}; }
    [[nodiscard]] static Reply descriptor(Fd file, bool close_on_exec)
    {
        Reply reply{Kind::descriptor, close_on_exec ? 1 : 0};
        reply.file_ = std::move(file);
        return reply;
    }

    /// `work` runs in a thread of its own, and may block in a system call that signals interrupt (EINTR): it
    /// is interrupted when nobody waits for the answer any more. It may throw CallFailed.
    [[nodiscard]] static Reply later(std::function<Reply()> work)
    {
        Reply reply{Kind::later, 0};
        reply.work_ = std::move(work);
        return reply;
    }

    [[nodiscard]] Kind kind() const { return kind_; }
    [[nodiscard]] std::int64_t number() const { return number_; }
    [[nodiscard]] const Fd &file() const { return file_; }
    [[nodiscard]] const std::function<Reply()> &work() const { return work_; }
    [[nodiscard]] bool close_on_exec() const { return number_ != 0; }

private:
    Reply(Kind kind, std::int64_t number) : kind_{kind}, number_{number} {}

    Kind kind_;
    std::int64_t number_;
    Fd file_;
    std::function<Reply()> work_;
};

} // namespace mica::sandbox
