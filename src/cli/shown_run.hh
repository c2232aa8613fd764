#pragma once
/// @file
/// Work that is shown on standard error: its events, its failures, its exit status.
#include "base/event.hh"
#include "ui/renderer.hh"
#include <functional>
#include <memory>
#include <stop_token>

namespace mica::cli {

/// Runs `body` with a bus that is rendered to standard error. What it throws becomes a shown failure and an
/// exit status; else what it returns is the status.
[[nodiscard]] int run_shown(std::unique_ptr<ui::Renderer> renderer, const std::stop_token &stop,
                            const std::function<int(EventBus &bus)> &body);

} // namespace mica::cli
