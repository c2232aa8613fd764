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
/// Of a name in an open directory. Where there is no /proc those of files and directories that may be read;
/// links and the rest have none then.
[[nodiscard]] Xattrs read_xattrs_in(int directory, const std::string &name);
/// Whether the attribute is there with exactly this (short) value.
[[nodiscard]] bool has_xattr(const std::string &path, const char *name, std::string_view value);
/// Zero, or the errno: the caller knows which attributes may be lost.
[[nodiscard]] int set_xattr(const std::string &path, const std::string &name, std::string_view value);

} // namespace mica::os
