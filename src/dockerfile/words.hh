#pragma once
/// @file
/// Word expansion: quotes, escapes and variables as BuildKit's frontend has them.
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mica::dockerfile {

/// Variables in scope: a lookup, and the names for "did you mean".
class Environment {
public:
    virtual ~Environment() = default;
    [[nodiscard]] virtual std::optional<std::string> get(std::string_view name) const = 0;
    [[nodiscard]] virtual std::vector<std::string> names() const = 0;
};

/// An ordered list of NAME=value, as images have it.
class EnvList final : public Environment {
public:
    EnvList() = default;
    explicit EnvList(std::vector<std::pair<std::string, std::string>> values);
    [[nodiscard]] static EnvList parse(const std::vector<std::string> &assignments);
    [[nodiscard]] std::optional<std::string> get(std::string_view name) const override;
    [[nodiscard]] std::vector<std::string> names() const override;
    /// Replaces in place, or appends.
    void set(std::string_view name, std::string value);
    [[nodiscard]] const std::vector<std::pair<std::string, std::string>> &values() const { return values_; }
    [[nodiscard]] std::vector<std::string> assignments() const;

private:
    void index();

    std::vector<std::pair<std::string, std::string>> values_;
    std::map<std::string, std::size_t, std::less<>> places_; ///< the last assignment of a name counts
};

/// Which variables an expansion met.
struct Expansion {
    std::vector<std::string> words; ///< one for expand_word()
    std::set<std::string> matched, unmatched;
};

struct ExpandOptions {
    char escape = '\\';
    /// Heredoc bodies: quotes are content, only $ forms and escapes are processed.
    bool raw_quotes = false;
    bool skip_unset = false;   ///< leave ${x} of an unset variable as it is written
    bool keep_quotes = false;  ///< quotes group, but stay in the result (names of steps)
    bool keep_escapes = false; ///< escapes protect, but stay in the result
};

/// The word as one string. Throws Error (dockerfile).
[[nodiscard]] Expansion expand_word(std::string_view word, const Environment &env,
                                    const ExpandOptions &options);
/// The word split at unquoted blanks after expansion.
[[nodiscard]] Expansion expand_words(std::string_view word, const Environment &env,
                                     const ExpandOptions &options);
/// Splits at blanks, quotes and escapes kept in the words (ENV, LABEL, ARG lines).
[[nodiscard]] std::vector<std::string> split_words(std::string_view text, char escape);

} // namespace mica::dockerfile
