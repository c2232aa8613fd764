#pragma once
/// @file
/// The cache keys of steps (docs/formats.md, "Cache keys").
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
#include "exec/content_names.hh"
#include "exec/run_mounts/run_mounts.hh"
#include "exec/step_context.hh"
#include "layer/change.hh"
#include "plan/plan.hh"
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace mica::exec {

/// A step has two keys where it takes files out of layers, and is kept under both. It is
/// looked up under the one that costs less first.
///
/// Where even that one needs files to be read, there is a third, the outline: of the same changes with sizes
/// in place of contents. What was not kept under the outline was not kept under the others either, so that a
/// step that is new is not read for its key and then once more for its layer (content_names.hh).
struct StepKeys {
    using Parts = std::vector<cache::KeyPart>;

    std::function<Parts()> by_origin;
    /// Reads files of layers; empty: `by_origin` names no file of a layer, and is exact.
    std::function<Parts()> exact{};
    std::function<Parts()> outline{};            ///< empty: the step has none
    std::function<bool(Naming)> costs_nothing{}; ///< whether a key reads no file; empty: none does
};

/// Of a RUN on `site`'s root, as the command resolved there. Proxy variables and secrets
/// are no part. The arguments outlive the result.
[[nodiscard]] StepKeys run_keys(const plan::RunStep &step, const RunMounts &mounts, const StepSite &site,
                                const StepContext &context);

/// Of a layer with the changes that `contents` has. The arguments outlive the result.
[[nodiscard]] StepKeys changes_keys(ContentNames &contents, const StepContext &context);

/// A text that only the same layers in the same order have.
[[nodiscard]] std::string diff_ids(const RootFs &root);
/// A text that only a change with the same effect at the same path has, times apart.
/// `content` stands for the bytes of a regular file.
[[nodiscard]] std::string describe_change(const layer::Change &change, const std::string &content);

} // namespace mica::exec
