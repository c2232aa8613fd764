#include "exec/copy/mode_change.hh"

#include "base/error.hh"
#include "base/text.hh"
#include <charconv>
#include <fmt/format.h>

namespace mica::exec {

namespace {

constexpr std::uint32_t set_uid = 04000, set_gid = 02000, sticky = 01000;
constexpr std::uint32_t all_x = 0111;
constexpr std::uint32_t everybody = set_uid | set_gid | 0777U;

[[noreturn]] void throw_invalid(std::string_view text)
{
    throw Error{
        ErrorKind::dockerfile,
        fmt::format("invalid chmod parameter: '{}'. it should be octal string and between 0 and 07777", text)}
        .with_hint("or symbolic, as in \"u=rwX,go=rX\" or \"+x\"");
}

std::uint32_t parse_octal(std::string_view text)
{
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 8);
    if (error != std::errc{} || end != text.data() + text.size() || value > 07777)
        throw_invalid(text);
    return value;
}

/// Takes "ugoa" off the front: the bits that the clause is about. The set-id bits belong
/// to their owner's letter.
std::uint32_t take_who(std::string_view &text)
{
    std::uint32_t who = 0;
    for (; !text.empty(); text.remove_prefix(1)) {
        switch (text.front()) {
        case 'u':
            who |= set_uid | 0700U;
            break;
        case 'g':
            who |= set_gid | 0070U;
            break;
        case 'o':
            who |= 0007U;
            break;
        case 'a':
            who |= everybody;
            break;
        default:
            return who;
        }
    }
    return who;
}

std::uint32_t bits_of(char letter)
{
    switch (letter) {
    case 'r':
        return 0444;
    case 'w':
        return 0222;
    case 'x':
    case 'X': // only after "-", where it is the same
        return all_x;
    case 's':
        return set_uid | set_gid;
    case 't':
        return sticky;
    default:
        return 0;
    }
}

std::uint32_t spread(std::uint32_t mode, char from)
{
    const unsigned shift = from == 'u' ? 6 : from == 'g' ? 3 : 0;
    return ((mode >> shift) & 7U) * all_x;
}

} // namespace

ModeChange ModeChange::parse(std::string_view text)
{
    ModeChange change;
    if (!text.empty() && text.front() >= '0' && text.front() <= '9') {
        change.octal_ = parse_octal(text);
        return change;
    }
    for (const auto clause : split(text, ',')) {
        if (!change.add_clause(clause))
            throw_invalid(text);
    }
    return change;
}

/// "[ugoa…]" and then at least one operation, each with any number of letters.
bool ModeChange::add_clause(std::string_view clause)
{
    const auto named = take_who(clause);
    const auto who = named == 0 ? everybody : named;
    if (clause.empty())
        return false;
    Action *action = nullptr;
    for (const char letter : clause) {
        if (letter == '+' || letter == '-' || letter == '=') {
            action = &actions_.emplace_back();
            action->operation = letter;
            action->who = who;
        } else if (action == nullptr || !add_letter(*action, letter)) {
            return false;
        }
    }
    return true;
}

bool ModeChange::add_letter(Action &action, char letter)
{
    if (letter == 'u' || letter == 'g' || letter == 'o') {
        action.copied += letter;
    } else if (letter == 'X' && action.operation != '-') {
        action.conditional_x = true;
    } else if (const auto bits = bits_of(letter); bits != 0) {
        action.bits |= bits;
        const bool only_others = (action.who & ~0007U) == 0;
        if (letter == 't' && !only_others)
            action.who |= sticky; // "=" leaves it alone unless it is named
    } else {
        return false;
    }
    return true;
}

std::uint32_t ModeChange::Action::run(std::uint32_t mode, bool x_allowed) const
{
    std::uint32_t wanted = bits;
    if (conditional_x && x_allowed)
        wanted |= all_x;
    for (const char from : copied)
        wanted |= spread(mode, from);
    wanted &= who;
    switch (operation) {
    case '+':
        return mode | wanted;
    case '-':
        return mode & ~wanted;
    default:
        return (mode & ~(copied.empty() ? who : who & 0777U)) | wanted;
    }
}

std::uint32_t ModeChange::apply(std::uint32_t mode, bool is_directory) const
{
    if (octal_)
        return *octal_;
    const bool x_allowed = is_directory || (mode & all_x) != 0;
    for (const auto &action : actions_)
        mode = action.run(mode, x_allowed);
    return mode;
}

std::uint32_t ModeChange::for_created_directory() const
{
    return octal_.value_or(0755) & 0777U;
}

} // namespace mica::exec
