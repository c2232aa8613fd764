#include "ui/renderer.hh"

#include "ui/renderers.hh"

namespace mica::ui {

namespace {

// Below this the names of steps are cut to nothing and a redraw is only flicker.
constexpr unsigned least_width = 40;
constexpr unsigned least_height = 6;

bool large_enough(const Terminal &terminal)
{
    return terminal.width >= least_width && terminal.height >= least_height;
}

} // namespace

std::unique_ptr<Renderer> make_renderer(const RendererOptions &options)
{
    switch (options.progress) {
    case Progress::tty:
        if (large_enough(options.terminal))
            return make_tty_renderer(options.terminal, options.debug);
        break;
    case Progress::json:
        return make_json_renderer();
    case Progress::quiet:
        return make_quiet_renderer();
    case Progress::automatic:
    case Progress::plain:
        break;
    }
    return make_plain_renderer(options.debug);
}

} // namespace mica::ui
