#pragma once
/// @file
/// --log-timestamp: a renderer's lines with the time in front.
#include "ui/renderer.hh"
#include <memory>

namespace mica::cli::kaniko {

/// Each line of the plain renderer's output begins with the time of the event that it tells of.
[[nodiscard]] std::unique_ptr<ui::Renderer> with_timestamps(std::unique_ptr<ui::Renderer> renderer);

} // namespace mica::cli::kaniko
