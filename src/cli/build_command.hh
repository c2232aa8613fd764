#pragma once
/// @file
/// `mica build`: everything that a build needs is made here, once, and handed down.
#include "cli/build_options.hh"
#include "cli/environment.hh"
#include <stop_token>

namespace mica::cli {

/// Builds, writes the outputs, shows it all on standard error; returns the exit status.
/// Failures are shown, not thrown.
[[nodiscard]] int run_build(const BuildOptions &options, const Environment &environment,
                            const std::stop_token &stop);

} // namespace mica::cli
