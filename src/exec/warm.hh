#pragma once
/// @file
/// Fetching base images before a build wants them.
#include "exec/build.hh"
#include <cstddef>
#include <stop_token>
#include <string>
#include <vector>

namespace mica::exec {

/// The images that the request's Dockerfile starts and copies from, for its target.
[[nodiscard]] std::vector<std::string> images_of(const BuildRequest &request, Services &services,
                                                 const std::stop_token &stop);

/// Brings the layers of the images into the store of the services, and their indexes beside
/// it. A build still asks the registry what a name means now, but fetches no layer that is
/// here. Returns the number of layers. Throws Error, Cancelled.
std::size_t warm(const std::vector<std::string> &images, const BuildRequest &request, Services &services,
                 const std::stop_token &stop);

} // namespace mica::exec
