#pragma once
/// @file
/// RUN --device: what of it can be done here.
#include "base/event.hh"
#include "plan/plan.hh"
#include <filesystem>
#include <vector>

namespace mica::exec {

/// Where the Container Device Interface's specification has the devices of a machine described.
[[nodiscard]] std::vector<std::filesystem::path> cdi_directories();

/// A device that no file in these directories describes is an Error (not_found) if it is required,
/// else a note. Devices that are described cannot be handed over yet: Error (unsupported).
void check_devices(const plan::RunStep &step, const std::vector<std::filesystem::path> &directories,
                   EventBus &bus);

} // namespace mica::exec
