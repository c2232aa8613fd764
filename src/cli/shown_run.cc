#include "cli/shown_run.hh"

#include "base/error.hh"
#include "ui/console.hh"
#include "ui/diagnostics.hh"
#include <new>
#include <unistd.h>
#include <utility>

namespace mica::cli {

int run_shown(std::unique_ptr<ui::Renderer> renderer, const std::stop_token &stop,
              const std::function<int(EventBus &bus)> &body)
{
    const auto bus = ui::make_console(std::move(renderer), STDERR_FILENO, stop);
    const auto fail = [&](const Error &error) {
        bus->publish(event::Failure{error});
        return ui::exit_status(error);
    };
    try {
        return body(*bus);
    } catch (const Cancelled &) {
        bus->publish(event::Note{event::Note::Level::info, "cancelled", {}});
        return ui::exit_code::cancelled;
    } catch (const Error &error) {
        return fail(error);
    } catch (const std::bad_alloc &) {
        return fail(Error{ErrorKind::io, "there is not enough memory"});
    } catch (const std::exception &error) {
        return fail(
            Error{ErrorKind::internal, error.what()}.with_hint("this is a defect of mica: please report it"));
    }
}

} // namespace mica::cli
