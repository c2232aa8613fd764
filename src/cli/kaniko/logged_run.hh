#pragma once
/// @file
/// Work of Kaniko's programs: shown as the log flags say, with Kaniko's exit statuses.
#include "base/event.hh"
#include "cli/environment.hh"
#include "cli/kaniko/log_options.hh"
#include <functional>
#include <stop_token>

namespace mica::cli::kaniko {

/// Runs `body`, and stops it by signals. What it throws becomes a shown failure. The status: what `body`
/// returns; that of a RUN's command which failed; else 1 for any failure.
[[nodiscard]] int run_logged(const LogOptions &log, const Environment &environment,
                             const std::function<int(EventBus &bus, const std::stop_token &stop)> &body);

} // namespace mica::cli::kaniko
