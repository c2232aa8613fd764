#include "sandbox/chroot/machine_calls.hh"

#include "sandbox/chroot/path_call.hh"
#include "sandbox/supervisor/reply.hh"
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <span>
#include <sys/socket.h>
#include <sys/utsname.h>

namespace mica::sandbox {

void show_host_name(Dispatch &dispatch, const std::string &name)
{
    dispatch.on("uname", [name](SystemCall &call) {
        utsname answer{};
        if (::uname(&answer) != 0)
            throw CallFailed{errno};
        std::memset(answer.nodename, 0, sizeof answer.nodename);
        name.copy(answer.nodename, sizeof answer.nodename - 1);
        write_memory(call, call.argument(0), std::as_bytes(std::span{&answer, 1}));
        return Reply::value();
    });
}

void refuse_network(Dispatch &dispatch)
{
    constexpr std::uint32_t families = 64; // the kernel has 46
    for (std::uint32_t family = 0; family < families; ++family)
        if (family != AF_UNIX)
            dispatch.answer("socket", EAFNOSUPPORT, When{0, family, true});
    // i386's older way in, whose arguments lie in memory: libc falls back to the other.
    dispatch.answer("socketcall", ENOSYS);
}

} // namespace mica::sandbox
