#pragma once
/// @file
/// mica's side of a running command: its output, and stopping it.
#include "sandbox/agent_process.hh"
#include "sandbox/sandbox.hh"
#include <stop_token>
#include <string>

namespace mica::sandbox {

/// Asks the helper to run, hands the output on as it comes, and returns the helper's answer
/// when everything is dead. When stopped, or when `output` throws, the command is killed
/// first; then Cancelled or what was thrown goes on.
[[nodiscard]] RunAnswer run_and_watch(AgentProcess &agent, const std::string &request,
                                      const OutputVisitor &output, const std::stop_token &stop);

} // namespace mica::sandbox
