#pragma once
/// @file
/// Which checks apply: "skip=A,B;error=true;experimental=all" of the check directive,
/// of the build argument BUILDKIT_DOCKERFILE_CHECK, or of a comment above an instruction.
#include "plan/checks/rules.hh"
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace mica::plan {

struct CheckConfig {
    bool skip_all = false, experimental_all = false;
    bool as_error = false; ///< any remark fails the build
    std::set<std::string, std::less<>> skipped, experimental;

    [[nodiscard]] bool wants(const RuleText &rule) const;
};

/// Throws Error (dockerfile) for an option that is not known.
[[nodiscard]] CheckConfig parse_check_config(std::string_view text);
/// With what the doc comments of an instruction say ("# check=skip=…"); "error" has no
/// effect there. A comment that cannot be read says nothing.
[[nodiscard]] CheckConfig with_comments(const CheckConfig &config, const std::vector<std::string> &comments);

} // namespace mica::plan
