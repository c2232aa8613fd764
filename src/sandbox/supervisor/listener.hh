#pragma once
/// @file
/// The kernel's side of supervision: seccomp_unotify(2).
#include "io/fd.hh"
#include "sandbox/supervisor/reply.hh"
#include "sandbox/supervisor/system_call.hh"
#include <linux/filter.h>
#include <optional>
#include <span>

namespace mica::sandbox {

/// In the process to be supervised, just before its command: puts the filter on it and its
/// descendants, sends the listener through `socket`, and returns when the other end is ready.
/// Needs CAP_SYS_ADMIN in the user namespace or no_new_privs. From here on the other end reads this
/// process' memory, so it is made dumpable. Throws Error; EBUSY is a supervisor around this one.
void enter_supervision(int socket, std::span<const sock_filter> filter);

/// The other end. An empty Fd: the process died before (its own report says why).
[[nodiscard]] Fd receive_listener(int socket);
void release_supervised(int socket);

/// May be used from several threads.
class Listener {
public:
    explicit Listener(Fd fd);

    /// Blocks for the next call. nullopt: interrupted by a signal, or `at_end()`.
    [[nodiscard]] std::optional<SystemCall> receive() const;
    /// No supervised process is left.
    [[nodiscard]] bool at_end() const;
    /// Ends the call. One whose process died meanwhile is forgotten.
    void answer(const SystemCall &call, const Reply &reply) const;
    /// Puts a descriptor into the process before its call is answered; its number there.
    [[nodiscard]] int give(const SystemCall &call, int file, bool close_on_exec) const;

private:
    Fd fd_;
};

} // namespace mica::sandbox
