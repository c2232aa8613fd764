#pragma once
/// @file
/// Steps that were done before are not done again.
#include "exec/layer_commit.hh"
#include "exec/step_context.hh"
#include "exec/step_key.hh"
#include <functional>
#include <optional>
#include <stop_token>
#include <vector>

namespace mica::exec {

/// The layer of a step, however it was come by.
struct StepLayer {
    oci::PlacedLayer layer;
    Time created;                                      ///< when it was made
    std::optional<std::vector<layer::Change>> changes; ///< nullopt: not read yet
    bool is_hit = false;
};

/// What goes into the caches, and how much is told of a miss.
struct CacheUse {
    bool enabled = true;
    bool explain = false;        ///< say how a miss differs from what was there before
    bool explain_always = false; ///< also if nothing was there before
};

/// The layer that an earlier build kept under these keys, else what `make` makes, which is
/// then kept. A hit's layer is not read, and not fetched. With --no-cache nothing is looked
/// up, but results are kept.
[[nodiscard]] StepLayer through_cache(const StepKeys &keys, const StepSite &site, const StepContext &context,
                                      const CacheUse &use, const std::function<CommittedLayer()> &make,
                                      const std::stop_token &stop);

/// The step without any cache.
[[nodiscard]] StepLayer made_now(CommittedLayer committed, const StepContext &context);

} // namespace mica::exec
