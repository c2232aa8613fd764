#pragma once
/// @file
/// Users of the root file system that a step works on: looked up in its own
/// /etc/passwd and /etc/group, never in the machine's.
#include "exec/copy/ids.hh"
#include "exec/step_context.hh"
#include "layer/file_tree.hh"
#include <stop_token>
#include <string>

namespace mica::exec {

/// What USER `text` means for a process. Empty: root. `home` is "/" where /etc/passwd
/// does not say. Throws Error (dockerfile) for a name that is not there.
[[nodiscard]] RunUser root_user(const std::string &text, const StepSite &site, const layer::FileTree &tree,
                                const StepContext &context, const std::stop_token &stop);

/// What --chown `text` means. Files are read only if a name needs them.
[[nodiscard]] Owner root_owner(const std::string &text, const StepSite &site, const StepContext &context,
                               const std::stop_token &stop);

} // namespace mica::exec
