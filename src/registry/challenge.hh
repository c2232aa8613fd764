#pragma once
/// @file
/// What a registry wants to see before it answers: WWW-Authenticate (RFC 9110, 11.6.1).
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mica::registry {

struct Challenge {
    std::string scheme;                            ///< lower case
    std::map<std::string, std::string> parameters; ///< names in lower case; the first of a name counts

    /// "" where there is none.
    [[nodiscard]] std::string parameter(const std::string &name) const;
};

/// Every challenge of every header, in order. Bounded; what is malformed ends the reading of
/// its header, what was understood before counts.
[[nodiscard]] std::vector<Challenge> parse_challenges(std::span<const std::string_view> headers);

} // namespace mica::registry
