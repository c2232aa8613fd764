#pragma once
/// @file
/// The parts of an address as text; any scheme. Nothing is checked: what connects, checks.
#include <string>
#include <string_view>

namespace mica::context {

struct UrlParts {
    std::string_view scheme;    ///< empty: "://" is missing
    std::string_view authority; ///< user, host and port
    std::string_view path;      ///< with its leading slash
    std::string_view query, fragment;
    std::string_view without_query; ///< everything before "?" and "#"
};

[[nodiscard]] UrlParts split_url(std::string_view url);
/// "%2F" → "/"; what is no two hexadecimal digits stays. `plus_is_space` in a query.
[[nodiscard]] std::string percent_decoded(std::string_view text, bool plus_is_space = false);

/// The address without user and password, for messages ("user@host:path" stays: it has none).
[[nodiscard]] std::string without_login(std::string_view url);

} // namespace mica::context
