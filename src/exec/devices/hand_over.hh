#pragma once
/// @file
/// RUN --device: what a command gets of the machine's devices.
#include "base/event.hh"
#include "exec/devices/registry.hh"
#include "plan/plan.hh"
#include "sandbox/sandbox.hh"
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace mica::exec {

struct HandedDevices {
    std::vector<sandbox::Mount> mounts;
    std::vector<std::pair<std::string, std::string>> variables; ///< they win over the environment
    std::vector<std::uint32_t> groups;
};

/// Device files are the machine's own, with the owner and mode that they have here. A required device that is
/// not registered is an Error (not_found), an optional one a warning. Throws Error (unsupported) for what a
/// description asks for and mica cannot do (hooks, other owners, networks), Error (not_found) for a file that
/// is not there.
[[nodiscard]] HandedDevices hand_over(const plan::RunStep &step, const DeviceRegistry &registry,
                                      EventBus &bus);

} // namespace mica::exec
