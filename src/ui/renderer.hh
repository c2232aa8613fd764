#pragma once
/// @file
/// Events become bytes: one renderer for each --progress.
#include "base/event.hh"
#include <memory>
#include <string>
#include <string_view>

namespace mica::ui {

enum class Progress : std::uint8_t { automatic, plain, tty, json, quiet };

/// Pure: the same events give the same bytes. One thread.
class Renderer {
public:
    virtual ~Renderer() = default;
    /// What to write to standard error now; may be empty.
    [[nodiscard]] virtual std::string render(const Event &event) = 0;
    /// A moment without an event (the tty's clock and spinner).
    [[nodiscard]] virtual std::string tick(std::chrono::system_clock::time_point) { return {}; }
    /// Restores the terminal, prints summaries.
    [[nodiscard]] virtual std::string end() { return {}; }
};

struct Terminal {
    unsigned width = 80, height = 24;
    bool color = false;
};

[[nodiscard]] std::unique_ptr<Renderer> make_renderer(Progress progress, Terminal terminal);

/// An error as people read it: message, frames, Dockerfile excerpt with caret, hint.
[[nodiscard]] std::string format_error(const Error &error, std::string_view source_text, bool color);

/// The exit status that the README documents for it.
[[nodiscard]] int exit_status(const Error &error);

/// A bus whose events are rendered on a thread of its own and written to `fd`.
/// Output and endings are never dropped; progress may be. The destructor drains.
[[nodiscard]] std::unique_ptr<EventBus> make_console(std::unique_ptr<Renderer> renderer, int fd);

} // namespace mica::ui
