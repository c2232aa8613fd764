#pragma once
/// @file
/// Requests about ignore files.
#include <nlohmann/json.hpp>
#include <optional>

namespace mica::oracle {

/// nullopt: another kind of request. Throws what the code asked throws.
[[nodiscard]] std::optional<nlohmann::json> answer_context_op(const nlohmann::json &request);

} // namespace mica::oracle
