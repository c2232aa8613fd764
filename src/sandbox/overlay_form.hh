#pragma once
/// @file
/// How overlayfs writes down what an image's layer says with ".wh." files:
/// a removal is a character device 0:0, and a directory that hides what lower
/// layers had in it carries an extended attribute. Real root uses trusted.*
/// attributes; in a user namespace overlayfs is told to use user.* ("userxattr").
#include "base/clock.hh"
#include <ctime>
#include <string>
#include <string_view>
#include <sys/stat.h>

namespace mica::sandbox {

enum class OverlayForm : unsigned char { trusted, user };

[[nodiscard]] const char *opaque_attribute(OverlayForm form);
/// Overlayfs' own book-keeping (opaque, origin, impure, …): never part of a layer.
[[nodiscard]] bool is_overlay_attribute(std::string_view name);

[[nodiscard]] inline bool is_whiteout(const struct stat &status)
{
    return S_ISCHR(status.st_mode) && status.st_rdev == 0;
}
void make_whiteout(int directory, const std::string &name);
/// `path`: as for os::set_xattr.
void mark_opaque(const std::string &path, OverlayForm form);

[[nodiscard]] timespec to_timespec(Time time);
[[nodiscard]] Time to_time(const timespec &time);

} // namespace mica::sandbox
