#include "dockerfile/dump.hh"
#include "plan/apply.hh"
#include "plan/paths.hh"
#include <fmt/format.h>

namespace mica::plan {

void apply(const StageScope &scope, const dockerfile::Workdir &workdir)
{
    const auto path = scope.expand(workdir.path);
    auto &stage = scope.stage;
    if (!stage.has_workdir && !path.starts_with('/'))
        scope.checks.report(
            Rule::workdir_relative_path, scope.where(),
            fmt::format("Relative workdir {} can have unexpected results if the base image changes",
                        dockerfile::quote(path)));
    stage.has_workdir = true;
    const auto directory = working_directory(scope.config().working_dir, path);
    scope.config().working_dir = directory;
    // The root is always there; anything else is a layer, even if the base has it.
    const bool makes_layer = directory != "/";
    const auto history = add_history(stage, "WORKDIR " + directory, makes_layer);
    if (makes_layer)
        scope.add_step(WorkdirStep{clean_path(directory), scope.config().user}, scope.display_name(),
                       history);
}

} // namespace mica::plan
