#pragma once
/// @file
/// .dockerignore and --exclude patterns, with the meaning of moby/patternmatcher.
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mica::context {

/// The patterns of an ignore file: comments, blank lines and BOM dropped, paths cleaned,
/// leading slashes gone, "!" kept. Patterns are not judged here (IgnoreList does). Throws
/// Error (usage) naming file and line for a line past 64 KiB.
[[nodiscard]] std::vector<std::string> read_ignore_file(std::string_view text, std::string_view file_name);

/// The same, and every pattern compiled: throws Error (usage) naming file and line for
/// one that cannot be.
[[nodiscard]] std::vector<std::string> read_valid_ignore_file(std::string_view text,
                                                              std::string_view file_name);

/// Ordered patterns, the last match wins. Immutable; any thread. Paths are cleaned
/// first, and "." (and "") never match: nobody ignores everything by its root.
class IgnoreList {
public:
    /// Ignores nothing.
    IgnoreList();
    /// Throws Error (usage) for a bad pattern.
    explicit IgnoreList(const std::vector<std::string> &patterns);
    ~IgnoreList();
    IgnoreList(const IgnoreList &);
    IgnoreList(IgnoreList &&) noexcept;
    IgnoreList &operator=(const IgnoreList &);
    IgnoreList &operator=(IgnoreList &&) noexcept;

    [[nodiscard]] bool empty() const;
    /// The path itself against the patterns (patternmatcher's Matches).
    [[nodiscard]] bool matches(std::string_view path) const;
    /// The path or a parent of it (MatchesOrParentMatches): what .dockerignore means.
    [[nodiscard]] bool matches_or_parent(std::string_view path) const;
    /// Whether something below an ignored directory may be un-ignored, so that a walk
    /// must go into it.
    [[nodiscard]] bool may_have_exceptions_below(std::string_view directory) const;
    /// Whether something below a directory may match (a list that says what to take).
    [[nodiscard]] bool may_match_below(std::string_view directory) const;

private:
    struct State;
    std::shared_ptr<const State> state_;
};

} // namespace mica::context
