#include "sandbox/device_mark.hh"

#include "base/text.hh"
#include <charconv>
#include <fmt/format.h>
#include <sys/stat.h>

namespace mica::sandbox {
namespace {

std::optional<std::uint32_t> to_number(std::string_view text)
{
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

} // namespace

std::string device_text(const DeviceMark &mark)
{
    return fmt::format("{} {} {}", S_ISCHR(mark.type) ? 'c' : 'b', mark.major, mark.minor);
}

std::optional<DeviceMark> parse_device_text(std::string_view text)
{
    const auto words = split(text, ' ');
    if (words.size() != 3 || (words[0] != "c" && words[0] != "b"))
        return std::nullopt;
    const auto major = to_number(words[1]);
    const auto minor = to_number(words[2]);
    if (!major || !minor)
        return std::nullopt;
    return DeviceMark{words[0] == "c" ? mode_t{S_IFCHR} : mode_t{S_IFBLK}, *major, *minor};
}

} // namespace mica::sandbox
