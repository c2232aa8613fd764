#pragma once
/// @file
/// Provenance and bills of software of images that were built.
#include "base/clock.hh"
#include "base/event.hh"
#include "cli/build_options.hh"
#include "exec/build.hh"
#include "output/output.hh"
#include <stop_token>
#include <vector>

namespace mica::cli {

/// What one build was made of and when.
struct BuildRecord {
    const BuildOptions &options;
    const exec::BuildRequest &request;
    const exec::BuildResult &result;
    Time started, finished;
};

/// Refuses outputs that would lose what is asked for: attestations need an index beside the image, or a
/// directory. Throws Error (usage).
void check_attestable(const BuildOptions &options);

/// As the options ask for them; also written to files if they say where. Throws Error; Cancelled.
[[nodiscard]] std::vector<output::Attestation> attest(const BuildRecord &record, EventBus &bus,
                                                      const std::stop_token &stop);

/// After a reproducible build: a note for what is known to vary in the layers of RUNs, with the
/// line of the Dockerfile.
void report_variance(const BuildRecord &record, EventBus &bus, const std::stop_token &stop);

} // namespace mica::cli
