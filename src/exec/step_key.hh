#pragma once
/// @file
/// The cache keys of steps.
///
/// A key is made of content, not of history. A RUN depends on the root that it runs
/// in (the diff_ids of its layers) and on all that its process can see. A COPY depends
/// on the files that it copies and on where they end up, which is just the list of its
/// changes; the root below matters only as far as it bent that list (a link in the
/// destination's path, a directory that was there already). So a COPY is found again on another base, and a
/// rebuilt stage whose files came out the same costs its users nothing.
///
/// Times of files are no part: a checkout changes them and nothing else.
#include "cache/key.hh"
#include "exec/step_context.hh"
#include "layer/change.hh"
#include "plan/plan.hh"
#include "sandbox/sandbox.hh"
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace mica::exec {

/// Of a RUN on `site`'s root, as the command resolved there; `mounts` are the parts that
/// its mounts add. Proxy variables and secrets are no part.
[[nodiscard]] std::vector<cache::KeyPart> run_key(const plan::RunStep &step,
                                                  const std::vector<cache::KeyPart> &mounts,
                                                  const StepSite &site, const StepContext &context);

/// Of a layer with these changes; reads and hashes every content.
[[nodiscard]] std::vector<cache::KeyPart> changes_key(const std::vector<layer::Change> &changes,
                                                      const StepContext &context,
                                                      const std::stop_token &stop);

/// A text that only the same layers in the same order have.
[[nodiscard]] std::string diff_ids(const RootFs &root);

/// What stands for the bytes of a regular file.
using ContentName = std::function<std::string(const layer::Change &change)>;
/// Reads all.
[[nodiscard]] std::string content_digest(const layer::Change &change, const std::stop_token &stop);
/// A text that only a change with the same effect has, times apart.
[[nodiscard]] std::string describe_change(const layer::Change &change, const ContentName &content_name);

} // namespace mica::exec
