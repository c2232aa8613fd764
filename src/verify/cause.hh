#pragma once
/// @file
/// Guesses why something differs between two builds, by rules. docs/reproducible.md lists them.
#include "verify/inside.hh"
#include "verify/report.hh"
#include <optional>
#include <string>
#include <string_view>

namespace mica::verify {

/// Of a file: its path, the properties that differ, and what a closer look saw (nullptr: the
/// bytes are the same, or were not looked at).
[[nodiscard]] std::optional<Cause> file_cause(const FileDifference &file, const Inside *inside);

/// Of a text: what kind of its parts differ ("date", "random", "order", …).
[[nodiscard]] std::optional<Cause> text_cause(std::string_view left, std::string_view right);

/// Of a property of the configuration, by its name.
[[nodiscard]] std::optional<Cause> config_cause(const Property &property);

/// Of a layer: the one cause of all its files, or what its properties say.
[[nodiscard]] std::optional<Cause> layer_cause(const LayerDifference &layer);

} // namespace mica::verify
