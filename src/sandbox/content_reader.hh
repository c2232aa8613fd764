#pragma once
/// @file
/// A process of the agent's that opens files of finished steps for mica, while the agent
/// itself may be busy with the next command.
#include "io/fd.hh"
#include "sandbox/channel.hh"
#include <string_view>

namespace mica::sandbox {

/// Serves Ask::open_content until the channel ends. `scratch` is the workspace's directory.
void serve_contents(Channel channel, const Fd &scratch);

/// Opens one file of what a step wrote; links are not followed. Throws Error.
[[nodiscard]] Fd open_step_file(int scratch, std::string_view directory, std::string_view path);

} // namespace mica::sandbox
