#pragma once
/// @file
/// The last steps before a command's own code runs.
#include "sandbox/init_plan.hh"

namespace mica::sandbox {

/// Becomes the command: working directory, limits, ids, capabilities, system call filter,
/// execve. Runs in a child of the command's first process and does not return. A command
/// that cannot be executed says so on standard error and exits with 127 (not found) or
/// 126; a failure of the sandbox is thrown.
void become_command(const InitPlan &plan);

} // namespace mica::sandbox
