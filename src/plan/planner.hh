#pragma once
/// @file
/// From instructions to a plan: stages, arguments, ONBUILD, config and history.
#include "dockerfile/instruction.hh"
#include "plan/plan.hh"
#include <cstdint>
#include <functional>
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
    [[nodiscard]] virtual BaseImage image(const std::string &name, const oci::Platform &platform,
                                          const SourceSpan &where) = 0;
    enum class NamedContext { none, directory, image };
    /// Whether the user gave --build-context NAME=…. `name` is as users write it, without
    /// "docker.io/library/" and ":latest". An image is then asked for by the same name.
    [[nodiscard]] virtual NamedContext named_context(const std::string &name) = 0;
    /// What SOURCE_DATE_EPOCH may name instead of a number.
    struct DateSource {
        enum class Kind { main_context, named_context, url, git } kind = Kind::main_context;
        std::string name; ///< of the context, or the address
    };
    /// Seconds since 1970 of a source's last change; nullopt if it has none. Throws Error
    /// (unsupported) unless overridden.
    [[nodiscard]] virtual std::optional<std::int64_t> source_date(const DateSource &source);
};

struct PlanOptions {
    std::map<std::string, std::string> build_args;
    std::string target; ///< empty: the last stage
    oci::Platform platform;
    oci::Platform build_platform;
    /// The user asked for no platform and `platform` is a default: an image whose base has
    /// another one keeps it. Else the result is declared to be of `platform`.
    bool platform_is_default = false;
    std::map<std::string, std::string> labels; ///< --label: win over LABEL
    bool network_host_allowed = false, security_insecure_allowed = false;
    /// Whether RUN may have the device that its flag names so. Empty: none.
    std::function<bool(const std::string &name)> device_allowed;
    bool copy_as_user = false; ///< what comes from the context belongs to USER, where --chown says nothing
    std::vector<std::string> context_ignored; ///< patterns of the ignore file, for checks
    bool checks = true;                       ///< run the build checks
    /// Told each remark when it is made, also if planning then fails. May be empty.
    std::function<void(const Warning &)> on_warning;
};

/// Throws Error (dockerfile) with spans; what the resolver throws passes.
[[nodiscard]] BuildPlan make_plan(const dockerfile::Program &program, const dockerfile::Ast &ast,
                                  const PlanOptions &options, Resolver &resolver);

} // namespace mica::plan
