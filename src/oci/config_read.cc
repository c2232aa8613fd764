#include "oci/json.hh"

#include "base/error.hh"
#include "base/json_node.hh"
#include <charconv>
#include <fmt/format.h>
#include <limits>

namespace mica::oci {

namespace {

/// Some builders write Go's zero time (year 1) for "not set", which lies outside what nanoseconds in 64 bits
/// can count; so would any year that they cannot.
std::optional<Time> read_time(const JsonNode &parent, const char *key)
{
    const auto text = parent.text_of(key);
    if (text.empty())
        return std::nullopt;
    constexpr int first_whole_year = 1678;
    constexpr int last_whole_year = 2261;
    int year = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), year);
    if (code == std::errc{} && (year < first_whole_year || year > last_whole_year))
        return std::nullopt;
    return in_context([&] { return fmt::format("\"{}\" in the image configuration", key); },
                      [&] { return parse_rfc3339(text); });
}

std::set<std::string> read_set(const JsonNode &parent, const char *key)
{
    std::set<std::string> out;
    if (const auto node = parent.find(key))
        for (const auto &[name, ignored] : node->members())
            out.insert(name);
    return out;
}

int read_int(const JsonNode &parent, const char *key)
{
    const auto value = parent.integer_of(key);
    if (value < std::numeric_limits<int>::min() || value > std::numeric_limits<int>::max())
        parent.fail(fmt::format("has a \"{}\" that is out of range", key));
    return static_cast<int>(value);
}

/// A list that is empty says the same as none.
std::optional<std::vector<std::string>> read_list(const JsonNode &parent, const char *key)
{
    auto list = parent.texts_of(key);
    if (list && list->empty())
        list.reset();
    return list;
}

Healthcheck read_healthcheck(const JsonNode &node)
{
    return {.test = node.texts_of("Test").value_or(std::vector<std::string>{}),
            .interval = node.integer_of("Interval"),
            .timeout = node.integer_of("Timeout"),
            .start_period = node.integer_of("StartPeriod"),
            .start_interval = node.integer_of("StartInterval"),
            .retries = read_int(node, "Retries")};
}

ContainerConfig read_container_config(const JsonNode &node)
{
    ContainerConfig out;
    out.user = node.text_of("User");
    out.exposed_ports = read_set(node, "ExposedPorts");
    out.env = node.texts_of("Env").value_or(std::vector<std::string>{});
    out.entrypoint = read_list(node, "Entrypoint");
    out.cmd = read_list(node, "Cmd");
    out.volumes = read_set(node, "Volumes");
    out.working_dir = node.text_of("WorkingDir");
    out.labels = node.text_map_of("Labels");
    out.stop_signal = node.text_of("StopSignal");
    out.args_escaped = node.boolean_of("ArgsEscaped");
    if (const auto check = node.find("Healthcheck"))
        out.healthcheck = read_healthcheck(*check);
    out.on_build = node.texts_of("OnBuild").value_or(std::vector<std::string>{});
    if (node.find("StopTimeout"))
        out.stop_timeout = read_int(node, "StopTimeout");
    out.shell = read_list(node, "Shell");
    return out;
}

History read_history(const JsonNode &node)
{
    return {.created = read_time(node, "created"),
            .created_by = node.text_of("created_by"),
            .author = node.text_of("author"),
            .comment = node.text_of("comment"),
            .empty_layer = node.boolean_of("empty_layer")};
}

std::vector<Digest> read_diff_ids(const JsonNode &rootfs)
{
    if (const auto type = rootfs.text_of("type"); !type.empty() && type != "layers")
        rootfs.fail(fmt::format("has the type \"{}\" where only \"layers\" is known", type));
    std::vector<Digest> out;
    for (const auto &id : rootfs.texts_of("diff_ids").value_or(std::vector<std::string>{}))
        out.push_back(Digest::parse(id));
    return out;
}

} // namespace

ImageConfig parse_image_config(std::string_view json)
{
    const auto document = parse_document(json, config_limit, "image configuration");
    const JsonNode root{document, "the image configuration"};
    ImageConfig out;
    out.created = read_time(root, "created");
    out.author = root.text_of("author");
    out.platform.os = root.text_of("os");
    out.platform.architecture = root.text_of("architecture");
    out.platform.variant = root.text_of("variant");
    out.platform.os_version = root.text_of("os.version");
    out.platform.os_features = root.texts_of("os.features").value_or(std::vector<std::string>{});
    if (const auto config = root.find("config"))
        out.config = read_container_config(*config);
    out.diff_ids = read_diff_ids(root.need("rootfs"));
    if (const auto history = root.find("history"))
        for (const auto &entry : history->items())
            out.history.push_back(read_history(entry));
    return out;
}

} // namespace mica::oci
