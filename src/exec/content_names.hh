#pragma once
/// @file
/// What stands for the bytes of a file in a cache key.
///
/// A file's digest is the best name, for it stays the same wherever the file comes from. But
/// a file of another stage lies in a layer, perhaps in one that only a registry has, and its
/// digest costs fetching and inflating that layer. Where it lies is a name as well, which
/// costs nothing; so steps that take files out of layers are looked up under both
/// (step_key.hh).
#include "exec/step_context.hh"
#include "layer/change.hh"
#include <stop_token>
#include <string>
#include <vector>

namespace mica::exec {

enum class Naming {
    by_origin, ///< files in layers by where they lie, others by digest
    exact      ///< all by digest
};

/// Reads the file if it must; digests of the user's files are remembered between builds.
[[nodiscard]] std::string content_name(const layer::Change &change, Naming naming, const StepContext &context,
                                       const std::stop_token &stop);
/// Of each change; several files are read at once.
[[nodiscard]] std::vector<std::string> content_names(const std::vector<layer::Change> &changes, Naming naming,
                                                     const StepContext &context, const std::stop_token &stop);
/// Whether the two namings differ for any of them.
[[nodiscard]] bool any_in_layers(const std::vector<layer::Change> &changes);

} // namespace mica::exec
