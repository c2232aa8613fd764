#pragma once
/// @file
/// From instructions to a plan: stages, arguments, ONBUILD, config and history.
#include "dockerfile/instruction.hh"
#include "plan/plan.hh"
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace mica::plan {

/// What a name in FROM or --from means outside the Dockerfile. The planner asks only
/// for what the target reaches. Called from one thread.
class Resolver {
public:
    virtual ~Resolver() = default;
    /// An image by reference, or a named context that is one. Throws Error.
    [[nodiscard]] virtual BaseImage image(const std::string &name, const oci::Platform &platform, const SourceSpan &where) = 0;
    enum class NamedContext { none, directory, image };
    /// Whether the user gave --build-context NAME=….
    [[nodiscard]] virtual NamedContext named_context(const std::string &name) = 0;
};

struct PlanOptions {
    std::map<std::string, std::string> build_args;
    std::string target; ///< empty: the last stage
    oci::Platform platform;
    oci::Platform build_platform;
    std::map<std::string, std::string> labels; ///< --label: win over LABEL
    bool network_host_allowed = false, security_insecure_allowed = false, device_allowed = false;
    std::vector<std::string> context_ignored; ///< patterns of the ignore file, for checks
};

/// Throws Error (dockerfile) with spans.
[[nodiscard]] BuildPlan make_plan(const dockerfile::Program &program, const dockerfile::Ast &ast, const PlanOptions &options,
                                  Resolver &resolver);

} // namespace mica::plan
