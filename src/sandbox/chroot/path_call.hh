#pragma once
/// @file
/// The path that a system call of a process in a chroot names.
#include "os/thread_facts.hh"
#include "sandbox/chroot/supervised_tree.hh"
#include "sandbox/supervisor/reply.hh"
#include "sandbox/supervisor/system_call.hh"
#include <fcntl.h>
#include <functional>
#include <optional>
#include <string>

namespace mica::sandbox {

/// The argument that a path is, and the one that it is relative to.
struct PathArguments {
    unsigned path = 0;
    std::optional<unsigned> directory;
};

/// The path as text; nullopt if this supervisor may not read it (a process that changed its user
/// and executed nothing since, whose memory is closed to a root without CAP_SYS_PTRACE): the
/// kernel is then the one to decide.
[[nodiscard]] std::optional<std::string> path_of(const SystemCall &call, unsigned argument);

/// Relative paths that begin in the root directory, made absolute. Others stay as they are.
[[nodiscard]] std::string from_root(const SystemCall &call, std::string path, const PathArguments &arguments,
                                    const SupervisedTree &tree);

/// Made absolute, whatever it is relative to; nullopt if that is no directory of the root.
[[nodiscard]] std::optional<std::string> absolute(const SystemCall &call, const std::string &path,
                                                  const PathArguments &arguments, const SupervisedTree &tree);

/// Memory of the process, which may be closed to root as it is.
void write_memory(const SystemCall &call, std::uint64_t address, std::span<const std::byte> bytes);

/// What the thread is. Throws CallFailed (ESRCH).
[[nodiscard]] os::ThreadFacts caller_of(const SystemCall &call);

/// Calls `body` with the thread's ids borrowed. Throws CallFailed (EPERM) if they cannot be.
template <class Body> decltype(auto) as_caller(const os::ThreadFacts &caller, Body &&body)
{
    const os::BorrowedIds borrowed{caller};
    if (!borrowed.worked())
        throw CallFailed{EPERM};
    return body();
}

} // namespace mica::sandbox
