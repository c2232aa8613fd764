#pragma once
/// @file
/// passwd(5) and group(5), read from bytes of outside origin.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mica::exec {

struct PasswdEntry {
    std::string name, home;
    std::uint32_t uid = 0, gid = 0;
};

struct GroupEntry {
    std::string name;
    std::uint32_t gid = 0;
    std::vector<std::string> members;
};

/// Lines that are broken or comments are passed over: a damaged number never becomes 0.
/// Throws Error (integrity) past 10 MiB.
[[nodiscard]] std::vector<PasswdEntry> parse_passwd(std::string_view bytes);
[[nodiscard]] std::vector<GroupEntry> parse_group(std::string_view bytes);

/// A decimal number and nothing else; nullopt if it is none. Throws Error (dockerfile)
/// for one past 2^32 - 2 (the last value means "unchanged" to the kernel).
[[nodiscard]] std::optional<std::uint32_t> parse_id(std::string_view text);

} // namespace mica::exec
