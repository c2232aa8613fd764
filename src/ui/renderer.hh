#pragma once
/// @file
/// Events become bytes: one renderer for each --progress.
#include "base/event.hh"
#include <chrono>
#include <memory>
#include <string>

namespace mica::ui {

enum class Progress : std::uint8_t { automatic, plain, tty, json, quiet };

struct Terminal {
    unsigned width = 80, height = 24; ///< columns and lines; zero: unknown
    bool color = false;
};

/// Pure: the same events and moments give the same bytes. One thread.
class Renderer {
public:
    virtual ~Renderer() = default;
    /// What to write to standard error now; may be empty.
    [[nodiscard]] virtual std::string render(const Event &event) = 0;
    /// A moment without an event (the tty's clock and progress bars).
    [[nodiscard]] virtual std::string tick(std::chrono::system_clock::time_point) { return {}; }
    /// How often tick() is wanted; zero: never.
    [[nodiscard]] virtual std::chrono::milliseconds tick_interval() const { return {}; }
    /// The window has this size from now on.
    virtual void resize(const Terminal &) {}
    /// Restores the terminal, prints what is pending. The last call.
    [[nodiscard]] virtual std::string end() { return {}; }
};

struct RendererOptions {
    Progress progress = Progress::plain; ///< `automatic` means plain here: the caller knows its terminal
    Terminal terminal{};
    bool debug = false; ///< whether people see debug notes too
};

/// `tty` on a terminal that is too small for it gives the plain renderer.
[[nodiscard]] std::unique_ptr<Renderer> make_renderer(const RendererOptions &options);

} // namespace mica::ui
