#include "dockerfile/flags.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "dockerfile/suggest.hh"
#include <fmt/format.h>
#include <utility>

namespace mica::dockerfile {

namespace {

Error refused(std::string message)
{
    return Error{ErrorKind::dockerfile, std::move(message)};
}

std::string boolean_value(std::string_view flag, std::optional<std::string_view> value)
{
    if (!value)
        return "true";
    if (value->empty())
        throw refused(fmt::format("missing a value on flag: --{}", flag));
    auto lower = to_lower(*value);
    if (lower != "true" && lower != "false")
        throw refused(fmt::format("expecting boolean value for flag --{}, not: {}", flag, *value));
    return lower;
}

} // namespace

Flags Flags::parse(const std::vector<std::string> &flags, const Known &known)
{
    Flags out;
    for (const std::string_view flag : flags) {
        const auto equals = flag.find('=');
        const auto name = flag.substr(0, equals).substr(2); // the parser gives only words with "--"
        const auto value =
            equals == std::string_view::npos ? std::nullopt : std::optional{flag.substr(equals + 1)};
        const auto kind = known.find(name);
        if (kind == known.end()) {
            std::vector<std::string> names;
            for (const auto &[candidate, _] : known)
                names.push_back(candidate);
            throw unknown_word(fmt::format("unknown flag: --{}", name), name, names);
        }
        auto &values = out.values_[kind->first];
        if (!values.empty() && kind->second != FlagKind::texts)
            throw refused(fmt::format("duplicate flag specified: --{}", name));
        if (kind->second == FlagKind::boolean)
            values.push_back(boolean_value(name, value));
        else if (value)
            values.emplace_back(*value);
        else
            throw refused(fmt::format("missing a value on flag: --{}", name));
    }
    return out;
}

std::optional<std::string> Flags::text(std::string_view name) const
{
    const auto found = values_.find(name);
    return found == values_.end() ? std::nullopt : std::optional{found->second.front()};
}

std::optional<bool> Flags::boolean(std::string_view name) const
{
    const auto value = text(name);
    return value ? std::optional{*value == "true"} : std::nullopt;
}

std::vector<std::string> Flags::texts(std::string_view name) const
{
    const auto found = values_.find(name);
    return found == values_.end() ? std::vector<std::string>{} : found->second;
}

} // namespace mica::dockerfile
