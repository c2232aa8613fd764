#include "plan/checks/config.hh"
#include "base/error.hh"
#include "base/text.hh"
#include "dockerfile/directives.hh"
#include <array>
#include <fmt/format.h>
#include <optional>

namespace mica::plan {
namespace {

bool parse_bool(std::string_view text, std::string_view option)
{
    constexpr std::array<std::string_view, 6> yes{"1", "t", "T", "true", "TRUE", "True"};
    constexpr std::array<std::string_view, 6> no{"0", "f", "F", "false", "FALSE", "False"};
    for (const auto word : yes)
        if (text == word)
            return true;
    for (const auto word : no)
        if (text == word)
            return false;
    throw Error{ErrorKind::dockerfile, fmt::format("failed to parse check option \"{}\"", option)}.with_hint(
        "error= takes true or false");
}

/// "all", or rules separated by commas.
void read_rules(std::string_view value, bool &all, std::set<std::string, std::less<>> &rules)
{
    if (value == "all") {
        all = true;
        return;
    }
    for (const auto rule : split(value, ','))
        rules.emplace(trim(rule));
}

void read_option(CheckConfig &config, std::string_view option)
{
    const auto equals = option.find('=');
    if (equals == std::string_view::npos)
        throw Error{ErrorKind::dockerfile, fmt::format("invalid check option \"{}\"", option)};
    const auto name = trim(option.substr(0, equals));
    const auto value = trim(option.substr(equals + 1));
    if (name == "skip")
        read_rules(value, config.skip_all, config.skipped);
    else if (name == "experimental")
        read_rules(value, config.experimental_all, config.experimental);
    else if (name == "error")
        config.as_error = parse_bool(value, option);
    else
        throw Error{ErrorKind::dockerfile, fmt::format("invalid check option \"{}\"", name)}.with_hint(
            "options are skip, error and experimental");
}

std::optional<CheckConfig> config_of(const std::string &comment)
{
    dockerfile::DirectiveReader reader{"", ""};
    const auto directive = reader.next(comment, 1);
    if (!directive || directive->name != "check")
        return std::nullopt;
    try {
        return parse_check_config(directive->value.substr(0, directive->value.find(' ')));
    } catch (const Error &) {
        return CheckConfig{}; // a comment is prose first: what is no configuration is no error
    }
}

} // namespace

bool CheckConfig::wants(const RuleText &rule) const
{
    if (rule.experimental)
        return experimental_all || experimental.contains(rule.name);
    return !skip_all && !skipped.contains(rule.name);
}

CheckConfig parse_check_config(std::string_view text)
{
    CheckConfig config;
    text = trim(text);
    if (text.empty())
        return config;
    // At most three options, as there are three names; what follows belongs to the third.
    for (int i = 0; i < 2; ++i) {
        const auto end = text.find(';');
        if (end == std::string_view::npos)
            break;
        read_option(config, text.substr(0, end));
        text.remove_prefix(end + 1);
    }
    read_option(config, text);
    return config;
}

CheckConfig with_comments(const CheckConfig &config, const std::vector<std::string> &comments)
{
    for (const auto &comment : comments) {
        const auto own = config_of(comment);
        if (!own)
            continue;
        auto merged = config;
        merged.skip_all |= own->skip_all;
        merged.experimental_all |= own->experimental_all;
        merged.skipped.insert(own->skipped.begin(), own->skipped.end());
        merged.experimental.insert(own->experimental.begin(), own->experimental.end());
        return merged;
    }
    return config;
}

} // namespace mica::plan
