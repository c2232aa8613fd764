#pragma once
/// @file
/// Event types by name, as the JSON events and people read them.
#include "base/event.hh"
#include <string_view>

namespace mica::ui {

[[nodiscard]] std::string_view name_of(TaskKind kind);
[[nodiscard]] std::string_view name_of(TaskResult result);
[[nodiscard]] std::string_view name_of(event::Note::Level level);
[[nodiscard]] std::string_view name_of(ErrorKind kind);

} // namespace mica::ui
