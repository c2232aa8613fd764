#pragma once
/// @file
/// --chmod: an octal mode, or chmod(1)'s symbolic language.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mica::exec {

/// A value; applying it depends on the old mode alone (there is no umask).
class ModeChange {
public:
    /// Changes nothing.
    ModeChange() = default;
    /// "755", "u=rwx,go=rX", "g=u", "+t". Throws Error (dockerfile).
    [[nodiscard]] static ModeChange parse(std::string_view text);

    /// `mode` with its special bits (07777).
    [[nodiscard]] std::uint32_t apply(std::uint32_t mode, bool is_directory) const;
    /// Of directories that come into being on the way: an octal mode without special
    /// bits, else 0755.
    [[nodiscard]] std::uint32_t for_created_directory() const;

private:
    /// One "+", "-" or "=" with what follows it.
    struct Action {
        char operation = '+';
        std::uint32_t who = 0;      ///< bits that may change
        std::uint32_t bits = 0;     ///< r, w, x, s, t, as if for everybody
        bool conditional_x = false; ///< X
        std::string copied;         ///< of "ugo": whose present rwx is taken
        [[nodiscard]] std::uint32_t run(std::uint32_t mode, bool x_allowed) const;
    };

    [[nodiscard]] bool add_clause(std::string_view clause);
    [[nodiscard]] static bool add_letter(Action &action, char letter);

    std::optional<std::uint32_t> octal_;
    std::vector<Action> actions_;
};

} // namespace mica::exec
