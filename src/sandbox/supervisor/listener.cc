#include "sandbox/supervisor/listener.hh"

#include "base/error.hh"
#include "os/check.hh"
#include "os/socket.hh"
#include <array>
#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace mica::sandbox {
namespace {

/// Linux 6.6: the supervisor runs at once, on the processor of the process that waits for it.
constexpr unsigned long set_flags = SECCOMP_IOW(4, std::uint64_t);
constexpr unsigned long sync_wake_up = 1;

constexpr std::array<std::byte, 1> one_byte{};

int install(std::span<const sock_filter> filter)
{
    const sock_fprog program{static_cast<unsigned short>(filter.size()),
                             const_cast<sock_filter *>(filter.data())};
    const auto with = [&](unsigned long flags) {
        return static_cast<int>(::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
                                          SECCOMP_FILTER_FLAG_NEW_LISTENER | flags, &program));
    };
    // A signal must not make the process repeat a call that the supervisor is doing already (Linux 5.19).
    const int listener = with(SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV);
    return listener < 0 && errno == EINVAL ? with(0) : listener;
}

} // namespace

void enter_supervision(int socket, std::span<const sock_filter> filter)
{
    os::check(::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0), "prctl PR_SET_DUMPABLE");
    const Fd listener{os::check(install(filter), "let system calls be supervised")};
    const std::array<int, 1> fds{listener.get()};
    os::send_with_fds(socket, one_byte, fds);
    std::array<std::byte, 1> ready{};
    std::vector<Fd> none;
    if (os::receive_full(socket, ready, none) != ready.size())
        throw Error{ErrorKind::internal, "the supervisor is gone"};
}

Fd receive_listener(int socket)
{
    std::array<std::byte, 1> byte{};
    std::vector<Fd> fds;
    if (os::receive_full(socket, byte, fds) != byte.size() || fds.size() != 1)
        return {};
    return std::move(fds.front());
}

void release_supervised(int socket)
{
    os::send_with_fds(socket, one_byte, {});
}

Listener::Listener(Fd fd) : fd_{std::move(fd)}
{
    (void)::ioctl(fd_.get(), set_flags, sync_wake_up);
}

std::optional<SystemCall> Listener::receive() const
{
    seccomp_notif notice{};
    if (::ioctl(fd_.get(), SECCOMP_IOCTL_NOTIF_RECV, &notice) == 0)
        return SystemCall{fd_.get(), notice};
    if (errno != EINTR && errno != ENOENT)
        throw system_error("wait for a system call", errno);
    return std::nullopt;
}

bool Listener::at_end() const
{
    pollfd watched{fd_.get(), 0, 0};
    return ::poll(&watched, 1, 0) > 0 && (watched.revents & POLLHUP) != 0;
}

void Listener::answer(const SystemCall &call, const Reply &reply) const
{
    seccomp_notif_resp response{};
    response.id = call.id();
    switch (reply.kind()) {
    case Reply::Kind::pass:
    case Reply::Kind::go_on:
        response.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
        break;
    case Reply::Kind::later: // answered by whoever does the work
        return;
    case Reply::Kind::value:
        response.val = reply.number();
        break;
    case Reply::Kind::error:
        response.error = -static_cast<int>(reply.number());
        break;
    case Reply::Kind::descriptor: {
        seccomp_notif_addfd added{};
        added.id = call.id();
        added.flags = SECCOMP_ADDFD_FLAG_SEND;
        added.srcfd = static_cast<std::uint32_t>(reply.file().get());
        added.newfd_flags = reply.close_on_exec() ? O_CLOEXEC : 0;
        if (::ioctl(fd_.get(), SECCOMP_IOCTL_NOTIF_ADDFD, &added) >= 0 || errno == ENOENT)
            return;
        response.error = -errno; // EMFILE
    }
    }
    if (::ioctl(fd_.get(), SECCOMP_IOCTL_NOTIF_SEND, &response) != 0 && errno != ENOENT)
        throw system_error("answer a system call", errno);
}

int Listener::give(const SystemCall &call, int file, bool close_on_exec) const
{
    seccomp_notif_addfd added{};
    added.id = call.id();
    added.srcfd = static_cast<std::uint32_t>(file);
    added.newfd_flags = close_on_exec ? O_CLOEXEC : 0;
    const int number = ::ioctl(fd_.get(), SECCOMP_IOCTL_NOTIF_ADDFD, &added);
    if (number < 0)
        throw CallFailed{errno};
    return number;
}

} // namespace mica::sandbox
