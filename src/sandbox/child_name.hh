#pragma once
/// @file
/// How mica's executable knows that it is started as a helper process: by argv[0].

namespace mica::sandbox {

inline constexpr const char *child_name = "mica-sandbox-agent";

} // namespace mica::sandbox
