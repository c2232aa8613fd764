#pragma once
/// @file
/// One function for each instruction: from its node to its meaning. All throw
/// Error (dockerfile) without a place; see parse_instruction().
#include "dockerfile/flags.hh"
#include "dockerfile/instruction.hh"
#include <cstddef>
#include <string_view>

namespace mica::dockerfile {

[[nodiscard]] From typed_from(const Node &node);
[[nodiscard]] Arg typed_arg(const Node &node);
[[nodiscard]] Env typed_env(const Node &node);
[[nodiscard]] Label typed_label(const Node &node);
[[nodiscard]] Maintainer typed_maintainer(const Node &node);
[[nodiscard]] Copy typed_copy(const Node &node);
[[nodiscard]] Copy typed_add(const Node &node);
[[nodiscard]] Run typed_run(const Node &node);
[[nodiscard]] Cmd typed_cmd(const Node &node);
[[nodiscard]] Entrypoint typed_entrypoint(const Node &node);
[[nodiscard]] Shell typed_shell(const Node &node);
[[nodiscard]] Healthcheck typed_healthcheck(const Node &node);
[[nodiscard]] Expose typed_expose(const Node &node);
[[nodiscard]] Volume typed_volume(const Node &node);
[[nodiscard]] User typed_user(const Node &node);
[[nodiscard]] Workdir typed_workdir(const Node &node);
[[nodiscard]] StopSignal typed_stopsignal(const Node &node);
[[nodiscard]] OnBuild typed_onbuild(const Node &node);

// What they share.

/// Throws unless there is an argument.
void need_arguments(const Node &node);
/// The one argument; throws unless there is exactly one.
[[nodiscard]] const std::string &only_argument(const Node &node);
/// Throws if there is any flag.
void refuse_flags(const Node &node);

} // namespace mica::dockerfile
