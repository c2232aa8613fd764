#pragma once
/// @file
/// The machine under every pattern of mica: ignore files, --exclude, --parents and the
/// wildcards of COPY are compiled to it.
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace mica::context {

/// [a-z], [^x]. May match a slash if it says so.
struct CharacterClass {
    bool negated = false;
    std::vector<std::pair<char32_t, char32_t>> ranges;
    [[nodiscard]] bool contains(char32_t c) const;
};

/// A sequence of steps. matches() takes time in the order of text × steps whatever the
/// pattern: it follows all possibilities at once (an NFA) and never goes back.
class GlobProgram {
public:
    void add_character(char32_t c) { steps_.push_back({Kind::character, c}); }
    /// "?": one character that is no slash.
    void add_any() { steps_.push_back({Kind::any, 0}); }
    /// "*": any run of characters without a slash.
    void add_run() { steps_.push_back({Kind::run, 0}); }
    /// "**" before something: nothing, or any text that ends in a slash.
    void add_directories();
    /// "**" at the end: everything.
    void add_everything() { steps_.push_back({Kind::everything, 0}); }
    void add_class(CharacterClass characters);

    [[nodiscard]] bool matches(std::string_view text) const;

private:
    enum class Kind : std::uint8_t {
        character,
        any,
        run,
        maybe_directories,
        directories,
        everything,
        one_of
    };
    struct Step {
        Kind kind;
        char32_t value; ///< the character, or the index of a class
    };
    using States = std::vector<char>;

    void enter(States &states, std::size_t step) const;
    void advance(const Step &step, std::size_t index, char32_t c, States &next) const;

    std::vector<Step> steps_;
    std::vector<CharacterClass> classes_;
};

} // namespace mica::context
