#include "sandbox/supervisor/system_call.hh"

#include "sandbox/supervisor/reply.hh"
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <sys/ioctl.h>
#include <sys/uio.h>

namespace mica::sandbox {
namespace {

constexpr std::uint64_t page = 4096;

iovec here(const std::byte *bytes, std::size_t size)
{
    return {const_cast<std::byte *>(bytes), size};
}

iovec there(std::uint64_t address, std::size_t size)
{
    return {reinterpret_cast<void *>(address), size}; // of the other process
}

} // namespace

SystemCall::SystemCall(int listener, const seccomp_notif &notice)
    : listener_{listener}, id_{notice.id}, thread_{static_cast<pid_t>(notice.pid)}, data_{notice.data}
{
}

SystemCall::SystemCall(pid_t stopped, const seccomp_data &data)
    : listener_{-1}, id_{0}, thread_{stopped}, data_{data}
{
}

void SystemCall::still_waits() const
{
    if (listener_ < 0)
        return;
    std::uint64_t id = id_;
    if (::ioctl(listener_, SECCOMP_IOCTL_NOTIF_ID_VALID, &id) != 0)
        throw CallFailed{ESRCH};
}

void SystemCall::read(std::uint64_t address, std::span<std::byte> into) const
{
    const iovec local = here(into.data(), into.size());
    const iovec remote = there(address, into.size());
    const auto count = ::process_vm_readv(thread_, &local, 1, &remote, 1, 0);
    still_waits();
    if (count != static_cast<ssize_t>(into.size()))
        throw CallFailed{EFAULT};
}

void SystemCall::write(std::uint64_t address, std::span<const std::byte> bytes) const
{
    const iovec local = here(bytes.data(), bytes.size());
    const iovec remote = there(address, bytes.size());
    still_waits();
    if (::process_vm_writev(thread_, &local, 1, &remote, 1, 0) != static_cast<ssize_t>(bytes.size()))
        throw CallFailed{EFAULT};
}

std::string SystemCall::text_at(std::uint64_t address, std::size_t most) const
{
    std::string text;
    std::array<std::byte, page> buffer;
    while (text.size() < most) {
        // Never over the end of a page that may be the last one.
        const std::size_t size = std::min(page - (address & (page - 1)), most - text.size());
        read(address, std::span{buffer}.first(size));
        const auto *bytes = reinterpret_cast<const char *>(buffer.data());
        const auto *end = static_cast<const char *>(std::memchr(bytes, 0, size));
        text.append(bytes, end != nullptr ? static_cast<std::size_t>(end - bytes) : size);
        if (end != nullptr)
            return text;
        address += size;
    }
    throw CallFailed{ENAMETOOLONG};
}

} // namespace mica::sandbox
