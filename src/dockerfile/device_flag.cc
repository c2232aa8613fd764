#include "dockerfile/device_flag.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "dockerfile/csv.hh"
#include "dockerfile/suggest.hh"
#include <array>
#include <fmt/format.h>

namespace mica::dockerfile {

namespace {

/// One field. The name needs no key, and may itself hold a '=' (vendor.com/class=device).
void apply(Device &device, const std::string &field)
{
    static const std::array<std::string, 2> keys = {"name", "required"};
    const auto equals = field.find('=');
    const bool has_value = equals != std::string::npos;
    const auto key = to_lower(field.substr(0, equals));
    const auto value = has_value ? field.substr(equals + 1) : std::string{};
    if (key == "required") {
        device.required = !has_value || boolean_field(key, value);
    } else if (has_value && key == "name") {
        if (!device.name.empty())
            throw Error{ErrorKind::dockerfile, fmt::format("device name already set to {}", device.name)};
        device.name = value;
    } else if (device.name.empty()) {
        device.name = field;
    } else if (has_value) {
        throw unknown_word(fmt::format("unexpected key '{}' in '{}'", key, field), key, keys);
    } else {
        throw Error{ErrorKind::dockerfile, fmt::format("invalid field '{}' must be a key=value pair", field)};
    }
}

} // namespace

Device parse_device(std::string_view text)
{
    Device device;
    for (const auto &field : csv_fields(text))
        apply(device, field);
    return device;
}

} // namespace mica::dockerfile
