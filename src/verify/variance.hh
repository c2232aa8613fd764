#pragma once
/// @file
/// What in a layer is known to vary from build to build, although nothing of the input changed.
#include "base/clock.hh"
#include "oci/image.hh"
#include "verify/report.hh"
#include <stop_token>
#include <string>
#include <vector>

namespace mica::verify {

struct Suspicion {
    std::string path;
    Cause cause;
};

struct BuildSurroundings {
    Time started, finished;
    std::string host_name;
};

/// Streams the layer once. Rules: docs/reproducible.md, "What varies". At most `most` of them, the first of
/// each code before others.
[[nodiscard]] std::vector<Suspicion> find_variance(const oci::PlacedLayer &layer,
                                                   const BuildSurroundings &surroundings, std::size_t most,
                                                   const std::stop_token &stop);

/// Of one file; empty code: nothing is known of it.
[[nodiscard]] Cause suspect(std::string_view path, std::string_view bytes,
                            const BuildSurroundings &surroundings);

} // namespace mica::verify
