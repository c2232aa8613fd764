#pragma once
/// @file
/// Answers about the Dockerfile language alone, for the conformance oracle.
#include <nlohmann/json.hpp>
#include <optional>

namespace mica::oracle {

/// Operations word, words, split, json, ast, instr, expose and device; nothing for
/// another one. A failure is {"error": message}.
[[nodiscard]] std::optional<nlohmann::json> answer_dockerfile_op(const nlohmann::json &request);

} // namespace mica::oracle
