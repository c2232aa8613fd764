#include "cli/kaniko/logged_run.hh"

#include "base/error.hh"
#include "cli/kaniko/timestamps.hh"
#include "cli/shown_run.hh"
#include "cli/signals.hh"
#include "ui/console.hh"
#include "ui/diagnostics.hh"
#include <unistd.h>
#include <utility>

namespace mica::cli::kaniko {

namespace {

/// Kaniko knows two endings that are failures: that of a RUN's command, and 1.
int status_of(int status)
{
    const bool is_ours = status == ui::exit_code::usage || status == ui::exit_code::dockerfile ||
                         status == ui::exit_code::network;
    return is_ours ? ui::exit_code::failure : status;
}

} // namespace

int run_logged(const LogOptions &log, const Environment &environment,
               const std::function<int(EventBus &bus, const std::stop_token &stop)> &body)
{
    std::stop_source stop;
    const SignalWatcher watcher{stop};
    auto renderer = ui::make_renderer(renderer_for(log, ui::window_size(STDERR_FILENO), environment));
    if (log.timestamps && log.format != "json")
        renderer = with_timestamps(std::move(renderer));
    bool command_failed = false;
    const auto status = run_shown(std::move(renderer), stop.get_token(), [&](EventBus &bus) {
        try {
            return body(bus, stop.get_token());
        } catch (const Error &error) {
            command_failed = error.kind() == ErrorKind::command_failed;
            throw;
        }
    });
    return command_failed ? status : status_of(status);
}

} // namespace mica::cli::kaniko
