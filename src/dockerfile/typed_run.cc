#include "base/error.hh"
#include "dockerfile/device_flag.hh"
#include "dockerfile/mount_flag.hh"
#include "dockerfile/suggest.hh"
#include "dockerfile/typed.hh"
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <utility>

namespace mica::dockerfile {

namespace {

CommandLine command_line(const Node &node)
{
    return {node.arguments, !node.json, node.heredocs};
}

CommandLine command_without_flags(const Node &node)
{
    refuse_flags(node);
    return command_line(node);
}

/// The value of a flag that has a few; empty if it is not given.
std::string choice(const Flags &flags, std::string_view name, std::span<const std::string> choices)
{
    const auto value = flags.text(name);
    if (!value)
        return {};
    if (std::find(choices.begin(), choices.end(), *value) == choices.end())
        throw unknown_word(fmt::format("invalid value \"{}\" for --{}", *value, name), *value, choices);
    return *value;
}

} // namespace

Run typed_run(const Node &node)
{
    static const std::array<std::string, 3> networks = {"default", "none", "host"};
    static const std::array<std::string, 2> securities = {"sandbox", "insecure"};
    const auto flags = Flags::parse(node.flags, {{"mount", FlagKind::texts},
                                                 {"network", FlagKind::text},
                                                 {"security", FlagKind::text},
                                                 {"device", FlagKind::texts}});
    Run out;
    out.command = command_line(node);
    for (auto &text : flags.texts("mount")) {
        static_cast<void>(mount_fields(text)); // all that can be told before expansion
        out.mounts.push_back({std::move(text)});
    }
    out.network = choice(flags, "network", networks);
    out.security = choice(flags, "security", securities);
    out.devices = flags.texts("device");
    for (const auto &device : out.devices)
        static_cast<void>(parse_device(device));
    return out;
}

Cmd typed_cmd(const Node &node)
{
    return {command_without_flags(node)};
}

Entrypoint typed_entrypoint(const Node &node)
{
    return {command_without_flags(node)};
}

Shell typed_shell(const Node &node)
{
    refuse_flags(node);
    need_arguments(node);
    if (!node.json)
        throw Error{ErrorKind::dockerfile, "SHELL requires the arguments to be in JSON form"}.with_hint(
            "write SHELL [\"/bin/sh\", \"-c\"], with double quotes");
    return {node.arguments};
}

} // namespace mica::dockerfile
