#include "cache/explain.hh"

#include "base/text.hh"
#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <string_view>

namespace mica::cache {

namespace {

using Values = std::map<std::string, std::string, std::less<>>;
using Phrases = std::vector<std::string>;

constexpr std::string_view file_prefix = "file ";
constexpr std::size_t longest_shown = 60;

Values by_name(const std::vector<KeyPart> &parts)
{
    Values values;
    for (const auto &part : parts)
        values.insert_or_assign(part.name, part.value);
    return values;
}

std::string shown(std::string_view value)
{
    if (value.size() <= longest_shown)
        return fmt::format("\"{}\"", value);
    return fmt::format("\"{}…\"", value.substr(0, longest_shown));
}

std::string was_is(std::string_view name, std::string_view was, std::string_view is)
{
    return fmt::format("{}: was {}, is {}", name, shown(was), shown(is));
}

/// The framed list as one text for people.
std::string flat(const std::string &value)
{
    const auto items = unframe_list(value);
    return items ? join(*items, " ") : value;
}

Values variables(const std::string &value)
{
    Values found;
    for (const auto &item : unframe_list(value).value_or(std::vector<std::string>{})) {
        const auto equals = item.find('=');
        found.insert_or_assign(item.substr(0, equals),
                               equals == std::string::npos ? "" : item.substr(equals + 1));
    }
    return found;
}

void explain_variables(const std::string &was, const std::string &is, Phrases &into)
{
    const auto before = variables(was);
    const auto after = variables(is);
    const auto size = into.size();
    for (const auto &[name, value] : after) {
        const auto old = before.find(name);
        if (old == before.end())
            into.push_back(fmt::format("ENV/ARG {} is new: {}", name, shown(value)));
        else if (old->second != value)
            into.push_back(was_is("ENV/ARG " + name, old->second, value));
    }
    for (const auto &[name, value] : before)
        if (!after.contains(name))
            into.push_back(fmt::format("ENV/ARG {} is gone", name));
    if (into.size() == size)
        into.emplace_back("the order of the environment");
}

void explain_layers(const std::string &was, const std::string &is, Phrases &into)
{
    const auto before = split(trim(was), ' ');
    const auto after = split(trim(is), ' ');
    const auto common = std::min(before.size(), after.size());
    std::size_t same = 0;
    while (same < common && before[same] == after[same])
        ++same;
    if (same == common && before.size() != after.size())
        into.push_back(
            fmt::format("the layers below: there were {}, there are {}", before.size(), after.size()));
    else
        into.push_back(
            fmt::format("the layers below: number {} of {} is another one", same + 1, after.size()));
}

/// See exec/step_key: what it is with mode and owner, link, content, then attributes.
void explain_file(std::string_view path, const std::string &was, const std::string &is, Phrases &into)
{
    const auto before = unframe_list(was).value_or(std::vector<std::string>{});
    const auto after = unframe_list(is).value_or(std::vector<std::string>{});
    constexpr std::size_t kind = 0, link = 1, content = 2, attributes = 3;
    if (before.size() < attributes || after.size() < attributes) {
        into.push_back(fmt::format("file {}: it is of another kind", path));
        return;
    }
    const auto size = into.size();
    const auto name = fmt::format("file {}", path);
    if (before[kind] != after[kind])
        into.push_back(was_is(name, before[kind], after[kind]));
    if (before[link] != after[link])
        into.push_back(was_is(name + ": its link", before[link], after[link]));
    if (before[content] != after[content])
        into.push_back(name + ": another content");
    if (into.size() == size)
        into.push_back(name + ": other extended attributes");
}

void explain_part(const std::string &name, const std::string &was, const std::string &is, Phrases &into)
{
    if (name == "environment")
        explain_variables(was, is, into);
    else if (name == "root")
        explain_layers(was, is, into);
    else if (name.starts_with(file_prefix))
        explain_file(std::string_view{name}.substr(file_prefix.size()), was, is, into);
    else if (name.starts_with("mount "))
        into.push_back(name + ": other options, or other files in it");
    else if (name.starts_with("script "))
        into.push_back(name + ": another text");
    else
        into.push_back(was_is(name == "argv" ? "the command" : name, flat(was), flat(is)));
}

} // namespace

std::size_t count_differences(const std::vector<KeyPart> &now, const std::vector<KeyPart> &earlier)
{
    const auto before = by_name(earlier);
    const auto after = by_name(now);
    std::size_t same = 0;
    for (const auto &[name, value] : after) {
        const auto old = before.find(name);
        same += old != before.end() && old->second == value ? 1U : 0U;
    }
    return (after.size() - same) + (before.size() - same);
}

Phrases explain(const std::vector<KeyPart> &now, const std::vector<KeyPart> &earlier)
{
    const auto before = by_name(earlier);
    const auto after = by_name(now);
    Phrases phrases;
    for (const auto &part : now) {
        const auto old = before.find(part.name);
        if (old == before.end())
            phrases.push_back(part.name + " is new");
        else if (old->second != part.value)
            explain_part(part.name, old->second, part.value, phrases);
    }
    for (const auto &part : earlier)
        if (!after.contains(part.name))
            phrases.push_back(part.name + " is gone");
    return phrases;
}

} // namespace mica::cache
