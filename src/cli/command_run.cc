#include "cli/command_run.hh"

#include "cli/console_choice.hh"
#include "cli/shown_run.hh"
#include "ui/console.hh"
#include <unistd.h>

namespace mica::cli {

int run_with_console(const BuildOptions &options, const Environment &environment, const std::stop_token &stop,
                     const std::function<int(EventBus &)> &body)
{
    const auto rendering =
        choose_renderer(options.progress, options.debug, ui::window_size(STDERR_FILENO), environment);
    return run_shown(ui::make_renderer(rendering), stop, body);
}

} // namespace mica::cli
