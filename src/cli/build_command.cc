#include "cli/build_command.hh"

#include "base/error.hh"
#include "cli/build_session.hh"
#include "cli/console_choice.hh"
#include "cli/shown_run.hh"
#include "cli/state_limit.hh"
#include "io/fd.hh"
#include "ui/console.hh"
#include "ui/diagnostics.hh"
#include "ui/trace.hh"
#include <algorithm>
#include <unistd.h>

namespace mica::cli {

namespace {

/// Standard output belongs to the result, and to nothing else.
void write_reports(const BuildOptions &options, const ImageMetadata &metadata)
{
    if (options.iidfile)
        write_file_atomically(*options.iidfile, image_id(metadata).str());
    if (options.metadata_file)
        write_file_atomically(*options.metadata_file, metadata_json(metadata));
    const bool result_on_stdout = std::any_of(options.outputs.begin(), options.outputs.end(),
                                              [](const auto &spec) { return spec.destination == "-"; });
    if (options.progress == ui::Progress::quiet && !result_on_stdout)
        write_all(STDOUT_FILENO, as_bytes(image_id(metadata).str() + "\n"));
}

void refuse_terminal(const BuildOptions &options)
{
    for (const auto &spec : options.outputs) {
        if (spec.destination == "-" && ::isatty(STDOUT_FILENO) == 1)
            throw Error{ErrorKind::usage, "an archive is not written to a terminal"}.with_hint(
                "redirect standard output, or name a file with dest=PATH");
    }
}

} // namespace

int run_build(const BuildOptions &options, const Environment &environment, const std::stop_token &stop)
{
    const auto rendering =
        choose_renderer(options.progress, options.debug, ui::window_size(STDERR_FILENO), environment);
    return run_shown(ui::make_renderer(rendering), stop, [&](EventBus &bus) {
        const StateLimit limit{options.keep_storage, options.state, environment};
        refuse_terminal(options);
        const auto trace = options.trace ? ui::make_trace(bus, *options.trace) : nullptr;
        EventBus &events = trace ? *trace : bus;
        if (options.call.method != CallMethod::build) {
            const auto answer = BuildSession{options, environment, events, stop}.answer();
            write_all(STDOUT_FILENO, as_bytes(answer.text));
            return answer.status;
        }
        write_reports(options, BuildSession{options, environment, events, stop}.run());
        limit.keep(events, stop);
        return ui::exit_code::success;
    });
}

} // namespace mica::cli
