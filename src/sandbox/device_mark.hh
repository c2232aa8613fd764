#pragma once
/// @file
/// How a user namespace, which can make no device nodes, keeps those that commands make: an empty file with
/// an attribute, which overlayfs copies, links and moves along with the file.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace mica::sandbox {

inline constexpr const char *device_attribute = "user.mica.device";

struct DeviceMark {
    mode_t type = 0; ///< S_IFCHR or S_IFBLK
    std::uint32_t major = 0, minor = 0;
};

/// "c MAJOR MINOR", "b MAJOR MINOR".
[[nodiscard]] std::string device_text(const DeviceMark &mark);
/// nullopt for what device_text() does not write.
[[nodiscard]] std::optional<DeviceMark> parse_device_text(std::string_view text);

} // namespace mica::sandbox
