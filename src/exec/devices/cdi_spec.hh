#pragma once
/// @file
/// A file of the Container Device Interface: what a command that is given a device must see.
/// Follows https://github.com/cncf-tags/container-device-interface/blob/main/SPEC.md, version 1.1.
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mica::exec::cdi {

struct DeviceNode {
    std::string path;      ///< in the container
    std::string host_path; ///< never empty
    std::string type;      ///< "b", "c", "u", "p", or empty: whatever it is
    std::optional<std::int64_t> major, minor, file_mode, uid, gid;
    std::string permissions; ///< of "rwm"; empty: all
};

struct HostMount {
    std::string host_path, container_path, type;
    std::vector<std::string> options;
};

struct Edits {
    std::vector<std::string> environment; ///< NAME=VALUE
    std::vector<DeviceNode> nodes;
    std::vector<HostMount> mounts;
    std::vector<std::uint32_t> groups;
    /// What the file asks for and mica cannot do, in words for people.
    std::vector<std::string> beyond;
};

using Annotations = std::map<std::string, std::string>;

struct Device {
    std::string name;
    Annotations annotations;
    Edits edits;
};

struct Spec {
    std::string kind; ///< vendor.com/class
    Annotations annotations;
    Edits edits; ///< for whoever is given any of the devices
    std::vector<Device> devices;
};

inline constexpr std::size_t largest_spec = std::size_t{4} << 20;

enum class Form : std::uint8_t { json, yaml };

/// Strict: a field that the interface does not have is an error, as is a wrong type or name.
/// Throws Error (integrity) that says where.
[[nodiscard]] Spec parse_spec(std::string_view text, Form form);

/// vendor.com/class, in the interface's letters.
[[nodiscard]] bool is_kind(std::string_view text);

} // namespace mica::exec::cdi
