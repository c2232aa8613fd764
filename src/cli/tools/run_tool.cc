#include "base/error.hh"
#include "cli/console_choice.hh"
#include "cli/shown_run.hh"
#include "cli/signals.hh"
#include "cli/tools/tool_jobs.hh"
#include "ui/console.hh"
#include "ui/diagnostics.hh"
#include <map>
#include <unistd.h>

namespace mica::cli {

int run_tool(const ToolOptions &options, const Environment &environment)
{
    static const std::map<std::string, void (*)(const ToolJob &)> jobs{
        {"push", run_push},
        {"pull", run_pull},
        {"copy", run_copy},
        {"tag", run_tag},
        {"index create", run_index_create},
        {"inspect", run_inspect},
        {"login", run_login},
        {"logout", run_logout},
    };
    std::stop_source stop;
    const SignalWatcher watcher{stop};
    const auto token = stop.get_token();
    const auto rendering =
        choose_renderer(options.progress, options.debug, ui::window_size(STDERR_FILENO), environment);
    return run_shown(ui::make_renderer(rendering), token, [&](EventBus &bus) {
        jobs.at(options.command)({options, environment, bus, token});
        return ui::exit_code::success;
    });
}

} // namespace mica::cli
