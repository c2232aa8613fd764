#pragma once
/// @file
/// Paths that get into no layer that is built.
#include "layer/change.hh"
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mica::exec {

/// Patterns of paths, a component each: "/var/log", "/home/*/.cache". "*", "?" and "[…]" match within a
/// component; what lies below a path that matches is ignored, too. Immutable; any thread.
class IgnoredPaths {
public:
    IgnoredPaths() = default;
    /// Throws Error (usage) for a pattern that cannot be, and for one that ignores everything.
    explicit IgnoredPaths(const std::vector<std::string> &patterns);

    [[nodiscard]] bool empty() const noexcept { return patterns_.empty(); }
    /// `path` in the form of tar::Entry::path.
    [[nodiscard]] bool contains(std::string_view path) const;
    /// One text that only the same patterns have.
    [[nodiscard]] std::string text() const;

private:
    std::vector<std::vector<std::string>> patterns_; ///< components
};

/// The changes without those at ignored paths; what the layers below have there stays.
[[nodiscard]] std::unique_ptr<layer::ChangeSource>
without_ignored(std::unique_ptr<layer::ChangeSource> changes, const IgnoredPaths &ignored);

[[nodiscard]] std::vector<layer::Change> without_ignored(const std::vector<layer::Change> &changes,
                                                         const IgnoredPaths &ignored);

} // namespace mica::exec
