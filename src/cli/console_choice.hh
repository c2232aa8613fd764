#pragma once
/// @file
/// Which renderer the terminal and the options ask for.
#include "cli/build_options.hh"
#include "cli/environment.hh"
#include "ui/renderer.hh"

namespace mica::cli {

/// `window`: of standard error, zeros if that is no terminal. `auto` is the tty renderer
/// on a terminal that can move its cursor.
[[nodiscard]] ui::RendererOptions choose_renderer(ui::Progress wanted, bool debug, const ui::Terminal &window,
                                                  const Environment &environment);

} // namespace mica::cli
