#include "cli/console_choice.hh"

namespace mica::cli {

ui::RendererOptions choose_renderer(ui::Progress wanted, bool debug, const ui::Terminal &window,
                                    const Environment &environment)
{
    const bool is_terminal = window.width > 0 && window.height > 0;
    const bool is_capable = is_terminal && environment.get("TERM").value_or("dumb") != "dumb";
    ui::RendererOptions options{wanted, window, debug};
    if (wanted == ui::Progress::automatic)
        options.progress = is_capable ? ui::Progress::tty : ui::Progress::plain;
    if (!is_terminal) // asked for by name, and perhaps recorded: a usual size
        options.terminal = ui::Terminal{};
    options.terminal.color = is_capable && !environment.variables.contains("NO_COLOR");
    return options;
}

} // namespace mica::cli
