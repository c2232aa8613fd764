#pragma once
/// @file
/// The bus between the build and the terminal.
#include "base/event.hh"
#include "ui/renderer.hh"
#include <memory>
#include <stop_token>

namespace mica::ui {

/// A bus whose events are rendered on a thread of its own and written to `fd`
/// (not owned). Nothing but progress is ever dropped, and of progress only what a
/// newer value replaces. When a reader is so slow that megabytes of output wait
/// for it, publishers of output wait too (any pipe does this to its writer), but
/// no longer after `stop`. What fails after `stop` is shown as cancelled. Once `fd` cannot be written to,
/// events are discarded. The destructor drains and ends the renderer.
[[nodiscard]] std::unique_ptr<EventBus> make_console(std::unique_ptr<Renderer> renderer, int fd,
                                                     std::stop_token stop = {});

/// The size of the window behind `fd`; zeros if it is none.
[[nodiscard]] Terminal window_size(int fd);

} // namespace mica::ui
