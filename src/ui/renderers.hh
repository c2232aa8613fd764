#pragma once
/// @file
/// The renderers behind make_renderer(), one a file.
#include "ui/renderer.hh"
#include <memory>

namespace mica::ui {

/// Lines for logs, in the manner of BuildKit's plain progress.
[[nodiscard]] std::unique_ptr<Renderer> make_plain_renderer(bool debug);
/// What runs now, redrawn in place; what has ended scrolls up.
[[nodiscard]] std::unique_ptr<Renderer> make_tty_renderer(const Terminal &terminal, bool debug);
/// One JSON object a line; docs/formats.md, "Event JSON".
[[nodiscard]] std::unique_ptr<Renderer> make_json_renderer();
/// The failure alone.
[[nodiscard]] std::unique_ptr<Renderer> make_quiet_renderer();

} // namespace mica::ui
