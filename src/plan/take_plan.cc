#include "plan/planning.hh"

namespace mica::plan {
namespace {

/// Stages are numbered as in the file while planning; a plan has only those it needs.
class Renumbering {
public:
    explicit Renumbering(std::vector<std::uint32_t> kept)
    {
        for (std::uint32_t i = 0; i < kept.size(); ++i)
            new_number_.emplace(kept[i], i);
    }
    [[nodiscard]] std::uint32_t of(std::uint32_t number) const { return new_number_.at(number); }
    void apply(Input &input) const
    {
        if (auto *stage = std::get_if<StageInput>(&input))
            stage->stage = of(stage->stage);
    }
    void apply(Step &step) const
    {
        if (auto *copy = std::get_if<CopyStep>(&step.operation))
            apply(copy->from);
        if (auto *run = std::get_if<RunStep>(&step.operation))
            for (auto &mount : run->mounts)
                apply(mount.from);
    }

private:
    std::map<std::uint32_t, std::uint32_t> new_number_;
};

} // namespace

BuildPlan Planning::take_plan()
{
    const auto needed = graph_->reachable(target_);
    std::vector<std::uint32_t> kept;
    for (const auto &[number, state] : states_)
        if (needed.contains(number) &&
            (number == target_ || graph_->nodes()[number].replacement == Resolver::NamedContext::none))
            kept.push_back(number);
    const Renumbering renumbering{kept};
    BuildPlan plan;
    for (const auto number : kept) {
        auto &state = states_.at(number);
        renumbering.apply(state.base);
        for (auto &step : state.steps)
            renumbering.apply(step);
        const auto &node = graph_->nodes()[number];
        plan.stages.push_back({node.name, state.base, std::move(state.platform), std::move(state.steps),
                               std::move(state.image), node.where});
    }
    plan.target = renumbering.of(target_);
    plan.images = images_->take();
    plan.source_date_epoch = date_;
    return plan;
}

} // namespace mica::plan
