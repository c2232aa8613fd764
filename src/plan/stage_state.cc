#include "plan/stage_state.hh"
#include "plan/paths.hh"

namespace mica::plan {
namespace {

/// What holds for every stage before its first instruction.
void begin(StageState &stage)
{
    auto &config = stage.image.config;
    auto own = dockerfile::EnvList::parse(config.env);
    if (!own.get("PATH")) {
        if (const auto path = default_path(stage.platform.os); !path.empty()) {
            config.env.push_back("PATH=" + path);
            own.set("PATH", path);
        }
    }
    for (const auto &[name, value] : own.values())
        stage.environment.set(name, value);
    if (!config.working_dir.empty())
        config.working_dir = working_directory("/", config.working_dir);
    config.on_build.clear();
}

} // namespace

StageState start_stage(Base base)
{
    StageState stage;
    stage.base = base.input;
    stage.platform = std::move(base.platform);
    stage.image = std::move(base.config);
    begin(stage);
    return stage;
}

StageState start_stage(const StageState &parent, Input input)
{
    StageState stage;
    stage.base = input;
    stage.platform = parent.platform;
    stage.image = parent.image;
    stage.environment = parent.environment;
    stage.arguments = parent.arguments;
    stage.has_workdir = parent.has_workdir;
    begin(stage);
    return stage;
}

std::uint32_t add_history(StageState &stage, std::string created_by, bool has_layer)
{
    oci::History entry;
    entry.created_by = std::move(created_by);
    entry.comment = "buildkit.dockerfile.v0";
    entry.empty_layer = !has_layer;
    stage.image.history.push_back(std::move(entry));
    return static_cast<std::uint32_t>(stage.image.history.size() - 1);
}

} // namespace mica::plan
