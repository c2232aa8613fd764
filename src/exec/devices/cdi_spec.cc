#include "exec/devices/cdi_spec.hh"

#include "base/error.hh"
#include "base/json_node.hh"
#include "exec/devices/yaml_json.hh"
#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <limits>
#include <optional>
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

/// YAML reads a bare word that looks like a number or a truth value as one; here it is the word.
std::string word_of(const JsonNode &node)
{
    if (node.value().is_number_integer() || node.value().is_boolean())
        return node.value().dump();
    auto word = node.text();
    if (word.find('\0') != std::string::npos)
        node.fail("contains a zero byte");
    return word;
}

std::string word_in(const JsonNode &parent, const char *key)
{
    const auto node = parent.find(key);
    return node ? word_of(*node) : std::string{};
}

std::string path_in(const JsonNode &parent, const char *key)
{
    const auto node = parent.need(key);
    auto path = word_of(node);
    if (!path.starts_with('/'))
        node.fail("is not an absolute path");
    return path;
}

std::optional<std::int64_t> number_in(const JsonNode &parent, const char *key)
{
    const auto node = parent.find(key);
    return node ? std::optional{node->integer()} : std::nullopt;
}

std::vector<JsonNode> items_in(const JsonNode &parent, const char *key)
{
    const auto node = parent.find(key);
    return node ? node->items() : std::vector<JsonNode>{};
}

std::vector<std::string> words_in(const JsonNode &parent, const char *key)
{
    std::vector<std::string> words;
    for (const auto &item : items_in(parent, key))
        words.push_back(word_of(item));
    return words;
}

Annotations annotations_in(const JsonNode &parent)
{
    Annotations annotations;
    if (const auto node = parent.find("annotations"))
        for (const auto &[name, value] : node->members())
            annotations.emplace(name, word_of(value));
    return annotations;
}

DeviceNode node_of(const JsonNode &node)
{
    node.allow({"path", "hostPath", "type", "major", "minor", "fileMode", "permissions", "uid", "gid"});
    DeviceNode device;
    device.path = path_in(node, "path");
    device.host_path = node.find("hostPath") ? path_in(node, "hostPath") : device.path;
    device.type = word_in(node, "type");
    if (!device.type.empty() && device.type != "b" && device.type != "c" && device.type != "u" &&
        device.type != "p")
        node.need("type").fail("is not b, c, u or p");
    device.major = number_in(node, "major");
    device.minor = number_in(node, "minor");
    device.file_mode = number_in(node, "fileMode");
    device.uid = number_in(node, "uid");
    device.gid = number_in(node, "gid");
    device.permissions = word_in(node, "permissions");
    if (device.permissions.find_first_not_of("rwm") != std::string::npos)
        node.need("permissions").fail("holds other letters than r, w and m");
    return device;
}

HostMount mount_of(const JsonNode &node)
{
    node.allow({"hostPath", "containerPath", "type", "options"});
    HostMount mount{word_in(node, "hostPath"), path_in(node, "containerPath"), word_in(node, "type"),
                    words_in(node, "options")};
    if (mount.type != "tmpfs")
        mount.host_path = path_in(node, "hostPath");
    return mount;
}

/// What mica cannot do, in words for people.
std::vector<std::string> beyond(const JsonNode &node)
{
    std::vector<std::string> wishes;
    for (const auto &hook : items_in(node, "hooks")) {
        hook.allow({"hookName", "path", "args", "env", "timeout"});
        wishes.push_back(fmt::format("the {} hook {}", word_in(hook, "hookName"), path_in(hook, "path")));
    }
    if (node.find("intelRdt"))
        wishes.emplace_back("a class of service (intelRdt)");
    for (const auto &network : items_in(node, "netDevices"))
        wishes.push_back(fmt::format("the network device {}", word_in(network, "hostInterfaceName")));
    return wishes;
}

Edits edits_in(const JsonNode &parent)
{
    const auto node = parent.find("containerEdits");
    if (!node)
        return {};
    node->allow({"env", "deviceNodes", "netDevices", "hooks", "mounts", "intelRdt", "additionalGids"});
    Edits edits;
    for (const auto &variable : items_in(*node, "env"))
        if (edits.environment.push_back(word_of(variable));
            edits.environment.back().find('=', 1) == std::string::npos)
            variable.fail("is not of the form NAME=VALUE");
    for (const auto &device : items_in(*node, "deviceNodes"))
        edits.nodes.push_back(node_of(device));
    for (const auto &mount : items_in(*node, "mounts"))
        edits.mounts.push_back(mount_of(mount));
    edits.beyond = beyond(*node);
    for (const auto &item : items_in(*node, "additionalGids")) {
        const auto group = item.integer();
        if (group < 0 || group > std::numeric_limits<std::uint32_t>::max())
            item.fail("is no group");
        if (group != 0) // as the interface's own reader does
            edits.groups.push_back(static_cast<std::uint32_t>(group));
    }
    return edits;
}

Device device_of(const JsonNode &node)
{
    node.allow({"name", "annotations", "containerEdits"});
    Device device{word_in(node, "name"), annotations_in(node), edits_in(node)};
    if (!is_word(device.name, "_-.:"))
        node.fail(fmt::format("has the name \"{}\", which is none of a device", device.name));
    return device;
}

Json document_of(std::string_view text, Form form)
{
    return form == Form::yaml ? parse_yaml(text) : parse_document(text, largest_spec, "file");
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
    const JsonNode root{document, "the file"};
    root.allow({"cdiVersion", "kind", "annotations", "devices", "containerEdits"});
    const auto version = word_in(root, "cdiVersion");
    if (!version.starts_with("0.") && !version.starts_with("1."))
        root.fail(fmt::format("has the cdiVersion \"{}\", which is not known (0.3 to 1.1 are)", version));
    Spec spec{word_in(root, "kind"), annotations_in(root), edits_in(root), {}};
    if (!is_kind(spec.kind))
        root.fail(fmt::format("has the kind \"{}\", which is not of the form vendor.com/class", spec.kind));
    std::set<std::string> names;
    for (const auto &device : items_in(root, "devices"))
        if (!names.insert(spec.devices.emplace_back(device_of(device)).name).second)
            device.fail("has a name that is there twice");
    if (spec.devices.empty())
        root.fail("has no devices");
    return spec;
}

} // namespace mica::exec::cdi
