#pragma once
/// @file
/// Extended attributes of one file, links not followed.
#include <map>
#include <string>
#include <string_view>

namespace mica::os {

using Xattrs = std::map<std::string, std::string>;

/// All attributes that this process may see; empty where the file system has none.
[[nodiscard]] Xattrs read_xattrs(const std::string &path);
/// Whether the attribute is there with exactly this (short) value.
[[nodiscard]] bool has_xattr(const std::string &path, const char *name, std::string_view value);
/// Zero, or the errno: the caller knows which attributes may be lost.
[[nodiscard]] int set_xattr(const std::string &path, const std::string &name, std::string_view value);

} // namespace mica::os
