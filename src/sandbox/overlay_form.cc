#include "sandbox/overlay_form.hh"

#include "os/check.hh"
#include "os/xattr.hh"
#include <chrono>
#include <fmt/format.h>
#include <sys/sysmacros.h>

namespace mica::sandbox {

const char *opaque_attribute(OverlayForm form)
{
    return form == OverlayForm::trusted ? "trusted.overlay.opaque" : "user.overlay.opaque";
}

bool is_overlay_attribute(std::string_view name)
{
    return name.starts_with("trusted.overlay.") || name.starts_with("user.overlay.");
}

void make_whiteout(int directory, const std::string &name)
{
    // Needs no privilege since Linux 5.8.
    os::check(::mknodat(directory, name.c_str(), S_IFCHR, ::makedev(0, 0)),
              [&] { return fmt::format("make a whiteout for {}", name); });
}

void mark_opaque(const std::string &path, OverlayForm form)
{
    const int error_number = os::set_xattr(path, opaque_attribute(form), "y");
    if (error_number != 0)
        throw system_error(fmt::format("set {}", opaque_attribute(form)), error_number);
}

timespec to_timespec(Time time)
{
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    return {static_cast<std::time_t>(seconds.time_since_epoch().count()),
            static_cast<long>((time - seconds).count())};
}

Time to_time(const timespec &time)
{
    return Time{std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec}};
}

} // namespace mica::sandbox
