#include "dockerfile/directives.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "dockerfile/chars.hh"
#include "dockerfile/lines.hh"
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <utility>

namespace mica::dockerfile {

namespace {

constexpr std::array<std::string_view, 3> known = {"syntax", "escape", "check"};
constexpr std::string_view blanks = "\t\n\f\r ";

bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_letter_or_digit(char c)
{
    return is_letter(c) || (c >= '0' && c <= '9');
}

/// "name = value" with a name of letters and digits and a value that is not empty.
std::optional<std::pair<std::string, std::string>> name_and_value(std::string_view text)
{
    const auto equals = text.find('=');
    if (equals == std::string_view::npos)
        return std::nullopt;
    const auto written = text.substr(0, equals);
    const auto name = written.substr(0, written.find_last_not_of(blanks) + 1);
    const auto value = trim(text.substr(equals + 1), blanks);
    if (name.empty() || value.empty() || !is_letter(name.front()) ||
        !std::all_of(name.begin(), name.end(), is_letter_or_digit))
        return std::nullopt;
    return std::pair{to_lower(name), std::string{value}};
}

/// The directives up to the first line that is none or that repeats one.
std::vector<Directive> scan(LineReader lines, std::string_view file, std::string_view marker)
{
    DirectiveReader reader{file, marker};
    std::vector<Directive> out;
    try {
        while (!reader.done()) {
            const auto line = lines.next();
            if (!line)
                break;
            if (auto directive = reader.next(without_line_end(*line), lines.number()))
                out.push_back(*std::move(directive));
        }
    } catch (const Error &) {
        return out; // parse() reports it
    }
    return out;
}

/// Behind a byte order mark and a first line "#!…".
LineReader behind_shebang(std::string_view text)
{
    LineReader lines{text};
    LineReader ahead = lines;
    const auto first = ahead.next();
    return first && first->starts_with("#!") ? ahead : lines;
}

std::optional<Syntax> syntax_of(const std::vector<Directive> &directives)
{
    for (const auto &directive : directives)
        if (directive.name == "syntax")
            return Syntax{directive.value.substr(0, directive.value.find(' ')), directive.value,
                          directive.where};
    return std::nullopt;
}

std::optional<Syntax> syntax_of_json(std::string_view text, std::string_view file)
{
    if (!trim(text).starts_with('{'))
        return std::nullopt;
    const auto json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
    const auto member = json.find("syntax");
    if (!json.is_object() || member == json.end() || !member->is_string())
        return std::nullopt;
    const auto value = member->get<std::string>();
    return Syntax{value, value, {.file = std::string{file}, .first_line = 1, .last_line = 1}};
}

} // namespace

std::optional<Directive> DirectiveReader::next(std::string_view line, std::uint32_t number)
{
    if (done_)
        return std::nullopt;
    auto found = line.starts_with(marker_) ? name_and_value(trim_spaces_left(line.substr(marker_.size())))
                                           : std::nullopt;
    if (!found || std::find(known.begin(), known.end(), found->first) == known.end()) {
        done_ = true;
        return std::nullopt;
    }
    Directive out{std::move(found->first),
                  std::move(found->second),
                  {.file = file_, .first_line = number, .last_line = number}};
    if (std::find(seen_.begin(), seen_.end(), out.name) != seen_.end())
        throw Error{ErrorKind::dockerfile, fmt::format("only one {} parser directive can be used", out.name)}
            .at(out.where);
    seen_.push_back(out.name);
    return out;
}

std::vector<Directive> read_directives(std::string_view text, std::string_view file)
{
    return scan(behind_shebang(text), file, "#");
}

std::optional<Syntax> detect_syntax(std::string_view text, std::string_view file)
{
    const auto lines = behind_shebang(text);
    if (auto found = syntax_of(scan(lines, file, "#")))
        return found;
    if (auto found = syntax_of(scan(lines, file, "//")))
        return found;
    return syntax_of_json(lines.rest(), file);
}

} // namespace mica::dockerfile
