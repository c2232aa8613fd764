#pragma once
/// @file
/// The stages of a Dockerfile and what each of them takes from others. Names are
/// resolved here; nothing is asked of a registry.
#include "dockerfile/instruction.hh"
#include "plan/arguments.hh"
#include "plan/checks/reporter.hh"
#include "plan/planner.hh"
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace mica::plan {

/// What "--from" or "from=" names.
struct StageRef {
    std::uint32_t number = 0; ///< in the file, from zero
    bool operator==(const StageRef &) const = default;
};
struct ExternalRef {
    std::string name; ///< an image or a named context
    bool operator==(const ExternalRef &) const = default;
};
using Source = std::variant<StageRef, ExternalRef>;

/// An instruction in its stage.
struct Command {
    dockerfile::Instruction instruction;
    bool is_trigger = false; ///< came by the base's ONBUILD
    /// COPY: one if it has --from. RUN: one for each mount, empty for a mount without "from".
    std::vector<std::optional<Source>> sources;
};

struct StageNode {
    dockerfile::From from;
    std::string comment; ///< its description
    SourceSpan where;
    std::string base_name; ///< expanded
    std::string name;      ///< as shown: the stage's, or "stage-N"
    std::optional<oci::Platform> platform;
    std::optional<std::uint32_t> base; ///< a stage; else base_name is external
    /// A named context that takes the place of the whole stage.
    Resolver::NamedContext replacement = Resolver::NamedContext::none;
    std::set<std::string> from_arguments; ///< variables that FROM uses
    std::vector<Command> commands;        ///< none if the stage is replaced
};

class StageGraph {
public:
    /// Throws Error (dockerfile) for what cannot be a stage, also in stages that nothing needs.
    StageGraph(const dockerfile::Program &program, const GlobalArguments &globals, char escape,
               Resolver &resolver, const Reporter &reporter);

    [[nodiscard]] const std::vector<StageNode> &nodes() const { return nodes_; }
    /// By name, in any case, the last of several; nullopt: no such stage.
    [[nodiscard]] std::optional<std::uint32_t> find(std::string_view name) const;
    /// The stage to build. Throws Error (dockerfile) with a suggestion.
    [[nodiscard]] std::uint32_t target(const std::string &name) const;
    /// The stages that a stage copies or mounts from, in the order of its instructions.
    [[nodiscard]] std::vector<std::uint32_t> sources_of_stage(std::uint32_t number) const;
    /// The stage and all that it needs, ascending.
    [[nodiscard]] std::set<std::uint32_t> reachable(std::uint32_t target) const;
    /// Throws Error (dockerfile) if a stage copies from what is made of it.
    void refuse_cycles() const;
    /// Throws Error (dockerfile) for a base or source that cannot be an image's name.
    void refuse_bad_names() const;
    /// An instruction with its sources found.
    [[nodiscard]] Command command(dockerfile::Instruction instruction) const;
    /// Puts the base's ONBUILD triggers before the stage's own instructions.
    void prepend_triggers(std::uint32_t number, std::vector<Command> triggers);

    [[nodiscard]] std::vector<std::string> names() const;

private:
    std::vector<StageNode> nodes_;
    std::map<std::string, std::uint32_t, std::less<>> by_name_;
};

} // namespace mica::plan
