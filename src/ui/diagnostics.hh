#pragma once
/// @file
/// Errors as people and shells read them.
#include "base/error.hh"
#include <string>
#include <string_view>

namespace mica::ui {

/// Message, frames, an excerpt of `source_text` (the text that the error's span
/// points into; empty: none) with a caret, hint. Ends with a newline. Control
/// characters, wherever they come from, are shown as escapes.
[[nodiscard]] std::string format_error(const Error &error, std::string_view source_text, bool color);

/// The exit statuses of mica; docs/cli.md lists them for the user.
namespace exit_code {
inline constexpr int success = 0;
inline constexpr int failure = 1;
inline constexpr int usage = 2;
inline constexpr int dockerfile = 3;
inline constexpr int network = 4;
inline constexpr int cancelled = 130;
} // namespace exit_code

/// A failed command's own status, else by kind.
[[nodiscard]] int exit_status(const Error &error);

} // namespace mica::ui
