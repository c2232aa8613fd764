#pragma once
/// @file
/// What a plan fetches beside images.
#include "exec/named_contexts.hh"
#include "exec/remote_files.hh"
#include "plan/plan.hh"
#include <stop_token>

namespace mica::exec {

/// Fetches every address and repository that the plan's stages name, by ADD or as a named context, so that
/// `remote` knows what they are. Throws Error with the instruction's place; Cancelled.
void fetch_all(const plan::BuildPlan &plan, const BuildRequest &request, RemoteFiles &remote, TaskId task,
               const std::stop_token &stop);

} // namespace mica::exec
