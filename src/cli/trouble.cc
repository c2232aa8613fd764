#include "cli/trouble.hh"

#include "base/error.hh"
#include "cli/console_choice.hh"
#include "io/fd.hh"
#include "ui/console.hh"
#include "ui/diagnostics.hh"
#include <new>
#include <unistd.h>

namespace mica::cli {

namespace {

int tell(const Environment &environment, const Error &error)
{
    const auto rendering =
        choose_renderer(ui::Progress::automatic, false, ui::window_size(STDERR_FILENO), environment);
    write_all(STDERR_FILENO, as_bytes(ui::format_error(error, {}, rendering.terminal.color)));
    return status_trouble;
}

} // namespace

int with_trouble_told(const Environment &environment, const std::function<int()> &body)
{
    try {
        return body();
    } catch (const Cancelled &) {
        return ui::exit_code::cancelled;
    } catch (const Error &error) {
        return tell(environment, error);
    } catch (const std::bad_alloc &) {
        return tell(environment, Error{ErrorKind::io, "there is not enough memory"});
    } catch (const std::exception &error) {
        return tell(environment, Error{ErrorKind::internal, error.what()}.with_hint(
                                     "this is a defect of mica: please report it"));
    }
}

} // namespace mica::cli
