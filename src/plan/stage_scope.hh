#pragma once
/// @file
/// What one instruction sees while it is applied to its stage.
#include "plan/arguments.hh"
#include "plan/checks/names.hh"
#include "plan/stage_graph.hh"
#include "plan/stage_state.hh"
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace mica::plan {

/// The same for all instructions of a build.
struct Surroundings {
    const PlanOptions &options;
    const GlobalArguments &globals;
    std::vector<std::string> proxies; ///< NAME=value, for RUN
    IgnoredSources ignored;
    char escape = '\\';
    /// The input for a "--from" in a stage of this name. Throws Error (dockerfile) for a
    /// stage that is not built before it.
    std::function<Input(const Source &source, const std::string &user, const SourceSpan &where)> input_of;
};

struct StageScope {
    StageState &stage;
    const Command &command;
    const Surroundings &build;
    const std::string &stage_name;
    Reporter checks; ///< with what the instruction's comments say

    [[nodiscard]] const SourceSpan &where() const { return command.instruction.where; }
    [[nodiscard]] oci::ContainerConfig &config() const { return stage.image.config; }

    /// A word of the instruction with its variables in. Throws Error (dockerfile).
    [[nodiscard]] std::string expand(std::string_view word) const;
    [[nodiscard]] std::vector<std::string> expand_each(const std::vector<std::string> &words) const;
    /// The body of a heredoc: quotes in it are content, and the escape is always "\".
    [[nodiscard]] std::string expand_body(std::string_view body) const;
    [[nodiscard]] std::string expand_with(std::string_view text,
                                          const dockerfile::ExpandOptions &options) const;
    /// Tells of variables that an expansion did not find, unless an ARG declares them.
    void check_variables(const std::set<std::string> &unmatched) const;
    /// The shell that shell forms run in.
    [[nodiscard]] std::vector<std::string> shell() const;
    /// The arguments of a process: as they are, or as one text for the shell.
    [[nodiscard]] std::vector<std::string> with_shell(const dockerfile::CommandLine &line) const;
    /// The instruction as the user reads it while it runs. Values of `secrets` are not shown.
    [[nodiscard]] std::string display_name(const std::set<std::string> &secrets = {}) const;
    [[nodiscard]] Input input_of(const Source &source) const
    {
        return build.input_of(source, stage_name, where());
    }
    void add_step(Operation operation, std::string name, std::uint32_t history) const;
};

} // namespace mica::plan
