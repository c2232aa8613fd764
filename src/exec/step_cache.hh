#pragma once
/// @file
/// Steps that were done before are not done again.
#include "cache/key.hh"
#include "exec/layer_commit.hh"
#include "exec/step_context.hh"
#include <functional>
#include <optional>
#include <stop_token>
#include <vector>

namespace mica::exec {

struct CacheOutcome {
    CommittedLayer committed;
    bool hit = false;
};

/// The layer that an earlier build kept under these parts' key, else what `make` makes,
/// which is then kept. A cache that cannot be written is a warning, not a failure. With
/// --no-cache nothing is looked up, but results are kept.
[[nodiscard]] CacheOutcome through_cache(const std::vector<cache::KeyPart> &parts, const StepContext &context,
                                         TaskId task, const std::function<CommittedLayer()> &make,
                                         const std::stop_token &stop);

} // namespace mica::exec
