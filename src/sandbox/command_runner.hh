#pragma once
/// @file
/// Runs one command from the agent: namespaces, first process, waiting, cleaning up.
#include "sandbox/channel.hh"
#include "sandbox/init_plan.hh"
#include "sandbox/workspace_root.hh"

namespace mica::sandbox {

/// Blocks until everything that the command started is dead. `kill` on the channel, or its
/// end, ends the command; the answer is then a SIGKILL. Throws Error when the sandbox
/// could not be made. Mount points made for the run are removed again.
[[nodiscard]] RunAnswer run_command(InitPlan plan, const RootPlace &root, Channel &channel);

} // namespace mica::sandbox
