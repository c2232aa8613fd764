#pragma once
/// @file
/// Base images, fetched into a directory or into the state, one after the other.
#include "base/event.hh"
#include "exec/build.hh"
#include "registry/client.hh"
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

namespace mica::cli {

/// Everything outlives the calls.
struct WarmServices {
    registry::Client &registry;
    std::filesystem::path images, trees; ///< where layers and their indexes go
    std::filesystem::path scratch;
    EventBus &bus;
};

/// The images that any stage of the request's Dockerfile starts or copies from, each once. Throws Error,
/// Cancelled.
[[nodiscard]] std::vector<std::string> images_of_all_stages(const exec::BuildRequest &request,
                                                            const WarmServices &services,
                                                            const std::stop_token &stop);

/// One that cannot be fetched is a warning, unless none can: then the last one's Error is thrown. Cancelled.
void warm_what_can_be(const std::vector<std::string> &images, const exec::BuildRequest &request,
                      const WarmServices &services, const std::stop_token &stop);

} // namespace mica::cli
