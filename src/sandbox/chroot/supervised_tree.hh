#pragma once
/// @file
/// The processes of a supervised command, as its supervisor's /proc shows them.
#include <atomic>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace mica::sandbox {

/// May be used from several threads.
class SupervisedTree {
public:
    /// `root`: the absolute path of the directory that the command has as its root.
    explicit SupervisedTree(std::string root) : root_{std::move(root)} {}

    /// Once, before the command runs: its first process, which belongs to mica.
    void starts_at(pid_t init) { init_ = init; }
    /// A descendant of the first process; it itself is not one.
    [[nodiscard]] bool has(pid_t process) const;
    [[nodiscard]] std::vector<pid_t> processes() const;
    /// A path outside as the command sees it; what does not lie in the root stays as it is.
    [[nodiscard]] std::string seen_inside(std::string path) const;
    /// The path outside is that of the root or lies below it.
    [[nodiscard]] bool contains(std::string_view path) const;
    [[nodiscard]] const std::string &root() const { return root_; }

private:
    std::string root_;
    std::atomic<pid_t> init_ = 0;
};

} // namespace mica::sandbox
