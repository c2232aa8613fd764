#include "dockerfile/node.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "dockerfile/chars.hh"
#include "dockerfile/dump.hh"
#include "dockerfile/json_array.hh"
#include "dockerfile/keywords.hh"
#include "dockerfile/split.hh"
#include "dockerfile/words.hh"
#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <memory>
#include <utility>

namespace mica::dockerfile {

namespace {

/// Deeper than any use: ONBUILD ONBUILD is refused later anyway, with a better message.
constexpr unsigned max_nesting = 8;

void parse_words(Node &node, std::string_view rest)
{
    while (!rest.empty()) {
        const auto end = std::min(rest.find_first_of(word_blanks), rest.size());
        node.arguments.emplace_back(rest.substr(0, end));
        rest.remove_prefix(end);
        rest.remove_prefix(std::min(rest.find_first_not_of(word_blanks), rest.size()));
    }
}

void parse_text(Node &node, std::string_view rest)
{
    if (!rest.empty())
        node.arguments.emplace_back(rest);
}

/// True if the rest is a JSON array; its strings are the arguments then. What is
/// nearly JSON is silently something else: that is the language.
bool parse_json(Node &node, std::string_view rest)
{
    auto array = parse_json_array(rest);
    if (!array)
        return false;
    if (!array->only_strings)
        throw Error{ErrorKind::dockerfile,
                    "when using JSON array syntax, arrays must be comprised of strings only"}
            .with_hint("put every element in double quotes");
    node.json = true;
    std::move(array->strings.begin(), array->strings.end(), std::back_inserter(node.arguments));
    return true;
}

void parse_json_or_text(Node &node, std::string_view rest)
{
    if (!parse_json(node, rest))
        parse_text(node, rest);
}

void parse_json_or_words(Node &node, std::string_view rest)
{
    if (!parse_json(node, rest))
        parse_words(node, rest);
}

void parse_health(Node &node, std::string_view rest)
{
    const auto end = std::min(rest.find_first_of(word_blanks), rest.size());
    if (end == 0)
        return;
    node.arguments.emplace_back(rest.substr(0, end));
    parse_json_or_text(node, trim_spaces_left(rest.substr(end)));
}

/// "ENV key rest of the line": one triple without a separator.
void parse_old_assignment(Node &node, std::string_view rest)
{
    const auto end = rest.find_first_of(word_blanks);
    if (end == std::string_view::npos)
        throw Error{ErrorKind::dockerfile, fmt::format("{} must have two arguments", to_upper(node.keyword))}
            .with_hint(fmt::format("write {} {}=value", to_upper(node.keyword), rest));
    const auto value = rest.substr(std::min(rest.find_first_not_of(word_blanks, end), rest.size()));
    node.arguments.insert(node.arguments.end(), {std::string{rest.substr(0, end)}, std::string{value}, ""});
}

void parse_assignments(Node &node, std::string_view rest, char escape)
{
    const auto words = split_words(rest, escape);
    if (words.empty())
        return;
    if (words.front().find('=') == std::string::npos)
        return parse_old_assignment(node, rest);
    for (const auto &word : words) {
        const auto equals = word.find('=');
        if (equals == std::string::npos)
            throw Error{ErrorKind::dockerfile,
                        fmt::format("can't find = in {}: must be of the form name=value", quote(word))}
                .with_hint("a value with blanks needs quotes: name=\"a b\"");
        node.arguments.insert(node.arguments.end(), {word.substr(0, equals), word.substr(equals + 1), "="});
    }
}

Node parse_nested(std::string line, char escape, const SourceSpan &where, unsigned depth);

void parse_arguments(Node &node, std::string_view rest, char escape, unsigned depth)
{
    const auto form = argument_form(node.keyword);
    if (!form) {
        node.arguments.emplace_back(); // refused later; the rest has no known form
        return;
    }
    switch (*form) {
    case ArgumentForm::words:
        return parse_words(node, rest);
    case ArgumentForm::text:
        return parse_text(node, rest);
    case ArgumentForm::json_text:
        return parse_json_or_text(node, rest);
    case ArgumentForm::json_words:
        return parse_json_or_words(node, rest);
    case ArgumentForm::assignments:
        return parse_assignments(node, rest, escape);
    case ArgumentForm::quoted_words:
        node.arguments = split_words(rest, escape);
        return;
    case ArgumentForm::health:
        return parse_health(node, rest);
    case ArgumentForm::nested:
        if (!rest.empty())
            node.nested =
                std::make_unique<Node>(parse_nested(std::string{rest}, escape, node.where, depth + 1));
        return;
    }
}

Node parse_nested(std::string line, char escape, const SourceSpan &where, unsigned depth)
{
    if (depth > max_nesting)
        throw Error{ErrorKind::dockerfile, "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed"};
    auto parts = split_command(line, escape);
    Node node;
    node.keyword = to_lower(parts.keyword);
    node.written_keyword = std::move(parts.keyword);
    node.flags = std::move(parts.flags);
    node.where = where;
    node.original = std::move(line);
    parse_arguments(node, parts.rest, escape, depth);
    return node;
}

} // namespace

Node parse_node(std::string line, char escape, const SourceSpan &where)
{
    return parse_nested(std::move(line), escape, where, 0);
}

} // namespace mica::dockerfile
