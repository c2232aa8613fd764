#pragma once
/// @file
/// The syntax that all patterns share (Go's path/filepath.Match): "*", "?", "[a-z]",
/// "[^a]" and "\" before a character that stands for itself.
#include "context/glob_program.hh"
#include <string>
#include <string_view>

namespace mica::context {

/// Takes pieces off the front of a pattern. Every member throws Error (usage) that
/// shows the whole pattern where the syntax is broken.
class GlobReader {
public:
    explicit GlobReader(std::string_view pattern) : whole_{pattern}, rest_{pattern} {}

    [[nodiscard]] bool done() const { return rest_.empty(); }
    /// The next byte is this one; it is taken.
    [[nodiscard]] bool take(char expected);
    /// After "\": the character that it makes ordinary.
    [[nodiscard]] char32_t escaped();
    /// After "[": up to and with "]".
    [[nodiscard]] CharacterClass character_class();
    /// Any character, as itself.
    [[nodiscard]] char32_t character();
    [[noreturn]] void fail(std::string_view why) const;

private:
    [[nodiscard]] char32_t class_member();

    std::string_view whole_, rest_;
};

/// Whether a name means more than itself: it has "*", "?" or "[" with no "\" before it.
[[nodiscard]] bool has_wildcard(std::string_view text);
/// Without the escapes; a trailing "\" stays.
[[nodiscard]] std::string unescaped(std::string_view text);

/// A pattern for one component of a path: "*" and "?" and classes over the name.
[[nodiscard]] GlobProgram compile_name_pattern(std::string_view pattern);

} // namespace mica::context
