// Any description of devices is read or refused as one, and what is read says the same twice.
#include "exec/devices/cdi_spec.hh"
#include "base/error.hh"
#include "exec/devices/yaml_json.hh"
#include "fuzz.hh"
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace {

using namespace mica;
using namespace mica::exec;
using fuzz::require;

void check_spec(std::string_view text, cdi::Form form)
try {
    const auto spec = cdi::parse_spec(text, form);
    require(cdi::is_kind(spec.kind), "a spec is of a kind");
    require(!spec.devices.empty(), "a spec has a device");
    for (const auto &device : spec.devices)
        for (const auto &node : device.edits.nodes)
            require(node.host_path.starts_with('/'), "a device file has an absolute path");
} catch (const Error &error) {
    require(error.kind() == ErrorKind::integrity, "a spec is refused as one");
}

/// JSON is YAML too, so what was read can be read again.
void check_yaml(std::string_view text)
try {
    const auto value = parse_yaml(text);
    const auto again = value.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
    if (again.find("\\u") == std::string::npos)
        require(parse_yaml(again) == value, "a value survives being written");
} catch (const Error &error) {
    require(error.kind() == ErrorKind::integrity, "YAML is refused as such");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text{reinterpret_cast<const char *>(data), size};
    check_yaml(text);
    check_spec(text, cdi::Form::yaml);
    check_spec(text, cdi::Form::json);
    return 0;
}
