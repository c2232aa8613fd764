#pragma once
/// @file
/// Text for terminals: safe, measured, cut.
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace mica::ui {

/// Control characters but newline and tab, and bytes that are not UTF-8, become
/// "\x1b": what others wrote (file names, a registry's answer) cannot steer the terminal.
[[nodiscard]] std::string printable(std::string_view text);
/// The same without the escape sequences that set colours and move the cursor: the
/// output of a program, made fit for a line of a redrawn screen. Tabs become blanks.
[[nodiscard]] std::string plain_line(std::string_view text);

/// Columns on a terminal: combining marks take none, East Asian wide characters two.
[[nodiscard]] unsigned display_width(std::string_view text);
/// At most `width` columns; what was cut is replaced by "...".
[[nodiscard]] std::string cut(std::string_view text, unsigned width);

/// "512B", "1.5kB", "12.3MB": powers of 1000, as Docker writes them.
[[nodiscard]] std::string format_size(std::uint64_t bytes);
/// "0.3s", "12.0s".
[[nodiscard]] std::string format_seconds(std::chrono::system_clock::duration time);
/// "12.3MB / 40.0MB", or "12.3MB" for an unknown total.
[[nodiscard]] std::string format_progress(std::uint64_t done, std::uint64_t total);

} // namespace mica::ui
