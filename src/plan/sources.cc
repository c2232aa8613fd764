#include "plan/sources.hh"
#include "dockerfile/mount_flag.hh"
#include <charconv>
#include <fmt/format.h>

namespace mica::plan {
namespace {

/// A whole number in decimal digits, with or without a sign.
std::optional<long> as_index(std::string_view text)
{
    if (text.starts_with('+'))
        text.remove_prefix(text.size() > 1 && text[1] == '-' ? 0 : 1);
    long value = 0;
    const auto *end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, value);
    if (text.empty() || error != std::errc{} || rest != end)
        return std::nullopt;
    return value;
}

Source by_name(const std::string &name, const StageGraph &graph)
{
    if (const auto stage = graph.find(name))
        return StageRef{*stage};
    return ExternalRef{name};
}

Source copy_source(const std::string &from, const StageGraph &graph)
{
    if (dockerfile::expand_word(from, dockerfile::EnvList{}, {}).words.front() != from)
        throw Error{
            ErrorKind::dockerfile,
            "variable expansion is not supported for --from, define a new stage with FROM using ARG from "
            "global scope as a workaround"};
    const auto index = as_index(from);
    if (!index)
        return by_name(from, graph);
    if (*index < 0 || static_cast<std::size_t>(*index) >= graph.nodes().size())
        throw Error{ErrorKind::dockerfile, fmt::format("invalid stage index {}", *index)};
    return StageRef{static_cast<std::uint32_t>(*index)};
}

/// The last "from" of a mount counts.
std::optional<Source> mount_source(const dockerfile::MountFlag &mount, const StageGraph &graph)
{
    std::string from;
    for (const auto &field : dockerfile::mount_fields(mount.text))
        if (field.key == "from")
            from = field.value.value_or("");
    if (from.empty())
        return std::nullopt;
    return by_name(from, graph);
}

} // namespace

std::vector<std::optional<Source>> sources_of(const dockerfile::Instruction &instruction,
                                              const StageGraph &graph)
{
    std::vector<std::optional<Source>> out;
    if (const auto *copy = std::get_if<dockerfile::Copy>(&instruction.body)) {
        if (!copy->from.empty())
            out.emplace_back(copy_source(copy->from, graph));
    } else if (const auto *run = std::get_if<dockerfile::Run>(&instruction.body)) {
        for (const auto &mount : run->mounts)
            out.push_back(mount_source(mount, graph));
    }
    return out;
}

} // namespace mica::plan
