#pragma once
/// @file
/// The work behind make_plan(), the checks and the outline: each of them plans, and
/// takes another part of the result.
#include "plan/source_date.hh"
#include "plan/stage_graph.hh"
#include "plan/stage_scope.hh"
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace mica::plan {

enum class Extent {
    target, ///< what the target needs
    all     ///< every stage of the file, for checks
};

/// Does its work in the constructor, in the order in which a user expects complaints:
/// syntax, names, graph, images, instructions. Throws Error.
class Planning {
public:
    Planning(const dockerfile::Program &program, const dockerfile::Ast &ast, const PlanOptions &options,
             Resolver &resolver, const Reporter &reporter, Extent extent);

    [[nodiscard]] const StageGraph &graph() const { return *graph_; }
    [[nodiscard]] std::uint32_t target() const { return target_; }
    /// nullptr: the stage was not needed.
    [[nodiscard]] const StageState *state(std::uint32_t number) const;
    /// Takes the stages out. To be called once, last.
    [[nodiscard]] BuildPlan take_plan();

private:
    void check_text(const dockerfile::Program &program, const dockerfile::Ast &ast) const;
    void resolve_bases(Extent extent);
    void add_triggers();
    [[nodiscard]] std::vector<std::string> triggers_of(std::uint32_t number);
    [[nodiscard]] Command parse_trigger(const std::string &text, const SourceSpan &where) const;
    const Base &base_of(std::uint32_t number);
    void build_stages(Extent extent);
    [[nodiscard]] StageState start(std::uint32_t number);
    void build_stage(std::uint32_t number, const Surroundings &surroundings);
    [[nodiscard]] Input input_of(const Source &source, const std::string &user, const SourceSpan &where);
    [[nodiscard]] Input stage_input(std::uint32_t number) const;
    void finish_target();

    PlanOptions options_;
    Resolver &resolver_;
    Reporter reporter_;
    char escape_;
    GlobalArguments globals_;
    std::optional<std::int64_t> date_;
    std::unique_ptr<StageGraph> graph_;
    std::uint32_t target_ = 0;
    std::unique_ptr<BaseImages> images_;
    std::map<std::uint32_t, Base> bases_;
    std::map<std::uint32_t, StageState> states_;
};

/// The checks to run: the build argument's, else the file's own.
[[nodiscard]] CheckConfig check_config(const dockerfile::Ast &ast, const PlanOptions &options);

} // namespace mica::plan
