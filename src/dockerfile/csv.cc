#include "dockerfile/csv.hh"

#include "base/error.hh"
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <utility>

namespace mica::dockerfile {

namespace {

Error broken(std::string_view line, std::string_view why)
{
    return Error{ErrorKind::dockerfile, fmt::format("failed to parse \"{}\": {}", line, why)}.with_hint(
        "fields are key=value, separated by commas; a field with a comma in it needs double quotes around "
        "all of it");
}

/// Takes a quoted field, up to the comma behind it or the end of the line.
std::string take_quoted(std::string_view &rest, std::string_view line)
{
    std::string field;
    rest.remove_prefix(1);
    while (true) {
        const auto quote = rest.find('"');
        if (quote == std::string_view::npos)
            throw broken(line, "a quote is not closed");
        field += rest.substr(0, quote);
        rest.remove_prefix(quote + 1);
        if (!rest.starts_with('"'))
            break;
        field += '"';
        rest.remove_prefix(1);
    }
    if (!rest.empty() && rest.front() != ',')
        throw broken(line, "text behind a closing quote");
    return field;
}

std::string take_bare(std::string_view &rest, std::string_view line)
{
    const auto field = rest.substr(0, rest.find(','));
    if (field.find('"') != std::string_view::npos)
        throw broken(line, "a quote inside a field");
    rest.remove_prefix(field.size());
    return std::string{field};
}

} // namespace

std::vector<std::string> csv_fields(std::string_view line)
{
    if (line.empty())
        throw broken(line, "it is empty");
    std::vector<std::string> out;
    auto rest = line;
    while (true) {
        out.push_back(rest.starts_with('"') ? take_quoted(rest, line) : take_bare(rest, line));
        if (rest.empty())
            return out;
        rest.remove_prefix(1); // the comma
    }
}

bool boolean_field(std::string_view key, std::string_view value)
{
    constexpr std::array<std::string_view, 6> yes = {"1", "t", "T", "true", "TRUE", "True"};
    constexpr std::array<std::string_view, 6> no = {"0", "f", "F", "false", "FALSE", "False"};
    if (std::find(yes.begin(), yes.end(), value) != yes.end())
        return true;
    if (std::find(no.begin(), no.end(), value) != no.end())
        return false;
    throw Error{ErrorKind::dockerfile, fmt::format("invalid value for {}: {}", key, value)}.with_hint(
        "it must be true or false");
}

} // namespace mica::dockerfile
