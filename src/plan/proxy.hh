#pragma once
/// @file
/// Proxy settings given as build arguments: RUN sees them without an ARG, but they
/// never enter the image, its history or a cache key.
#include <map>
#include <string>
#include <vector>

namespace mica::plan {

/// NAME=value of HTTP_PROXY, HTTPS_PROXY, FTP_PROXY, NO_PROXY and ALL_PROXY, each in
/// upper and lower case whichever was given.
[[nodiscard]] std::vector<std::string>
proxy_environment(const std::map<std::string, std::string> &build_args);

} // namespace mica::plan
