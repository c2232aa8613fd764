#include "plan/plan.hh"
#include <algorithm>

namespace mica::plan {
namespace {

void add_stage(std::vector<std::uint32_t> &out, const Input &input)
{
    if (const auto *stage = std::get_if<StageInput>(&input))
        out.push_back(stage->stage);
}

} // namespace

std::vector<std::uint32_t> stage_inputs(const Stage &stage)
{
    std::vector<std::uint32_t> out;
    add_stage(out, stage.base);
    for (const auto &step : stage.steps) {
        if (const auto *copy = std::get_if<CopyStep>(&step.operation))
            add_stage(out, copy->from);
        if (const auto *run = std::get_if<RunStep>(&step.operation))
            for (const auto &mount : run->mounts)
                if (mount.has_from)
                    add_stage(out, mount.from);
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

bool needs_rootfs(const Stage &stage)
{
    return std::any_of(stage.steps.begin(), stage.steps.end(),
                       [](const Step &step) { return std::holds_alternative<RunStep>(step.operation); });
}

} // namespace mica::plan
