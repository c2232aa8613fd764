#include "exec/devices/cdi_spec.hh"

#include "base/error.hh"
#include "exec/devices/fields.hh"
#include "exec/devices/yaml_json.hh"
#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <limits>
#include <set>

namespace mica::exec::cdi {

namespace {

bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_alphanumeric(char c)
{
    return is_letter(c) || (c >= '0' && c <= '9');
}

/// Letters and digits at the ends, some signs between.
bool is_word(std::string_view text, std::string_view signs)
{
    return !text.empty() && is_alphanumeric(text.front()) && is_alphanumeric(text.back()) &&
           std::ranges::all_of(
               text, [&](char c) { return is_alphanumeric(c) || signs.find(c) != std::string_view::npos; });
}

DeviceNode node_of(const Fields &fields)
{
    fields.allow({"path", "hostPath", "type", "major", "minor", "fileMode", "permissions", "uid", "gid"});
    DeviceNode node;
    node.path = fields.path("path");
    node.host_path = fields.has("hostPath") ? fields.path("hostPath") : node.path;
    node.type = fields.text("type");
    if (!node.type.empty() && node.type != "b" && node.type != "c" && node.type != "u" && node.type != "p")
        fields.fail("type", "is not b, c, u or p");
    node.major = fields.number("major");
    node.minor = fields.number("minor");
    node.file_mode = fields.number("fileMode");
    node.uid = fields.number("uid");
    node.gid = fields.number("gid");
    node.permissions = fields.text("permissions");
    if (node.permissions.find_first_not_of("rwm") != std::string::npos)
        fields.fail("permissions", "holds other letters than r, w and m");
    return node;
}

HostMount mount_of(const Fields &fields)
{
    fields.allow({"hostPath", "containerPath", "type", "options"});
    HostMount mount{fields.text("hostPath"), fields.path("containerPath"), fields.text("type"),
                    fields.texts("options")};
    if (mount.type != "tmpfs" && !mount.host_path.starts_with('/'))
        fields.fail("hostPath", "is not an absolute path");
    return mount;
}

void read_hooks(const Fields &fields, Edits &edits)
{
    for (const auto &hook : fields.objects("hooks")) {
        hook.allow({"hookName", "path", "args", "env", "timeout"});
        edits.beyond.push_back(fmt::format("the {} hook {}", hook.text("hookName"), hook.path("path")));
    }
}

Edits edits_of(const Fields &fields)
{
    fields.allow({"env", "deviceNodes", "netDevices", "hooks", "mounts", "intelRdt", "additionalGids"});
    Edits edits;
    edits.environment = fields.texts("env");
    for (const auto &variable : edits.environment)
        if (variable.find('=') == std::string::npos || variable.starts_with('='))
            fields.fail("env", fmt::format("has \"{}\", which is not NAME=VALUE", variable));
    for (const auto &node : fields.objects("deviceNodes"))
        edits.nodes.push_back(node_of(node));
    for (const auto &mount : fields.objects("mounts"))
        edits.mounts.push_back(mount_of(mount));
    read_hooks(fields, edits);
    if (fields.has("intelRdt"))
        edits.beyond.emplace_back("a class of service (intelRdt)");
    for (const auto &network : fields.objects("netDevices"))
        edits.beyond.push_back(fmt::format("the network device {}", network.text("hostInterfaceName")));
    for (const auto group : fields.numbers("additionalGids")) {
        if (group < 0 || group > std::numeric_limits<std::uint32_t>::max())
            fields.fail("additionalGids", "has what is no group");
        if (group != 0) // as the interface's own reader does
            edits.groups.push_back(static_cast<std::uint32_t>(group));
    }
    return edits;
}

Edits edits_in(const Fields &fields)
{
    return fields.has("containerEdits") ? edits_of(fields.object("containerEdits")) : Edits{};
}

Device device_of(const Fields &fields)
{
    fields.allow({"name", "annotations", "containerEdits"});
    Device device{fields.text("name"), fields.text_map("annotations"), edits_in(fields)};
    if (!is_word(device.name, "_-.:"))
        fields.fail("name", fmt::format("\"{}\" is no name of a device", device.name));
    return device;
}

Json document_of(std::string_view text, Form form)
{
    if (form == Form::yaml)
        return parse_yaml(text);
    auto document = Json::parse(text, nullptr, false);
    if (document.is_discarded())
        throw Error{ErrorKind::usage, "it is not JSON"};
    return document;
}

} // namespace

bool is_kind(std::string_view text)
{
    const auto slash = text.find('/');
    if (slash == std::string_view::npos)
        return false;
    const auto vendor = text.substr(0, slash), name = text.substr(slash + 1);
    return is_word(vendor, "_-.") && is_letter(vendor.front()) && is_word(name, "_-") &&
           is_letter(name.front());
}

Spec parse_spec(std::string_view text, Form form)
{
    const auto document = document_of(text, form);
    const Fields fields{document, ""};
    fields.allow({"cdiVersion", "kind", "annotations", "devices", "containerEdits"});
    const auto version = fields.text("cdiVersion");
    if (!version.starts_with("0.") && !version.starts_with("1."))
        fields.fail("cdiVersion", fmt::format("\"{}\" is not one that is known (0.3 to 1.1)", version));
    Spec spec{fields.text("kind"), fields.text_map("annotations"), edits_in(fields), {}};
    if (!is_kind(spec.kind))
        fields.fail("kind", fmt::format("\"{}\" is not of the form vendor.com/class", spec.kind));
    std::set<std::string> names;
    for (const auto &device : fields.objects("devices"))
        if (!names.insert(spec.devices.emplace_back(device_of(device)).name).second)
            device.fail("name", "is there twice");
    if (spec.devices.empty())
        fields.fail("devices", "is empty");
    return spec;
}

} // namespace mica::exec::cdi
