#pragma once
/// @file
/// Texts in the JSON that clouds and their tools write.
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace mica::auth {

/// The object that the text is; null for anything else.
[[nodiscard]] nlohmann::json json_object(std::string_view text);
/// A text member of an object, "" where there is none.
[[nodiscard]] std::string text_in(const nlohmann::json &object, const char *name);

} // namespace mica::auth
