#include "plan/targets.hh"

namespace mica::plan {

std::vector<TargetInfo> list_targets(const dockerfile::Program &program)
{
    std::vector<TargetInfo> out;
    for (const auto &stage : program.stages) {
        const auto &from = stage.from;
        out.push_back({from.stage_name,
                       dockerfile::doc_comment(stage.from_instruction.comments, from.stage_name), from.image,
                       from.platform.value_or(""), false, stage.from_instruction.where});
    }
    if (!out.empty())
        out.back().is_default = true;
    return out;
}

} // namespace mica::plan
