#pragma once
/// @file
/// What namespaces would show a command of the machine, by answering its system calls.
#include "sandbox/supervisor/dispatch.hh"
#include <string>

namespace mica::sandbox {

/// The kernel has one name for all of a container; a command's is its own elsewhere.
void show_host_name(Dispatch &dispatch, const std::string &name);

/// Without a network namespace there can be no interfaces that lead nowhere; but a process without
/// sockets (Unix ones excepted) has no network either.
void refuse_network(Dispatch &dispatch);

} // namespace mica::sandbox
