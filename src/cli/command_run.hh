#pragma once
/// @file
/// What every command that builds or plans has around it: a console, and an end for each kind of failure.
#include "base/event.hh"
#include "cli/build_options.hh"
#include "cli/environment.hh"
#include <functional>
#include <stop_token>

namespace mica::cli {

/// Runs `body` with a bus that shows events as the options say; a failure is an event, and its exit
/// status is returned.
int run_with_console(const BuildOptions &options, const Environment &environment, const std::stop_token &stop,
                     const std::function<int(EventBus &)> &body);

} // namespace mica::cli
