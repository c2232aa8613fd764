#pragma once
/// @file
/// Requests about whole Dockerfiles: image config, checks, outline, targets. Every image
/// in them is one fixed base.
#include <nlohmann/json.hpp>
#include <optional>

namespace mica::oracle {

/// nullopt: another kind of request. Throws what the code asked throws.
[[nodiscard]] std::optional<nlohmann::json> answer_plan_op(const nlohmann::json &request);

} // namespace mica::oracle
