#include "plan/chmod_text.hh"
#include "base/error.hh"
#include <charconv>
#include <fmt/format.h>

namespace mica::plan {
namespace {

bool is_octal(std::string_view text)
{
    unsigned value = 0;
    const auto *end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, value, 8);
    return error == std::errc{} && rest == end && value <= 07777;
}

/// [ugoa]* then one or more of an operator with its permissions.
bool is_clause(std::string_view text)
{
    constexpr std::string_view operators = "+-=";
    const auto who = text.find_first_not_of("ugoa");
    if (who == std::string_view::npos)
        return false;
    text.remove_prefix(who);
    while (!text.empty()) {
        if (operators.find(text.front()) == std::string_view::npos)
            return false;
        const auto next = text.find_first_not_of("rwxXstugo", 1);
        text.remove_prefix(next == std::string_view::npos ? text.size() : next);
    }
    return true;
}

bool is_symbolic(std::string_view text)
{
    for (;;) {
        const auto comma = text.find(',');
        if (!is_clause(text.substr(0, comma)))
            return false;
        if (comma == std::string_view::npos)
            return true;
        text.remove_prefix(comma + 1);
    }
}

} // namespace

void check_chmod(std::string_view mode)
{
    if (is_octal(mode) || is_symbolic(mode))
        return;
    if (!mode.empty() && mode.front() >= '0' && mode.front() <= '9')
        throw Error{
            ErrorKind::dockerfile,
            fmt::format("invalid chmod parameter: '{}'. it should be octal string and between 0 and 07777",
                        mode)};
    throw Error{ErrorKind::dockerfile, fmt::format("invalid chmod parameter: '{}': invalid syntax", mode)}
        .with_hint("octal (0755) or symbolic (u=rwX,go=rX)");
}

} // namespace mica::plan
