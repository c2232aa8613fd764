#include "cli/images/git_changes.hh"

#include "auth/child.hh"
#include "base/error.hh"
#include "base/text.hh"
#include <chrono>
#include <fmt/format.h>

namespace mica::cli {

namespace {

constexpr std::chrono::minutes patience{2};
constexpr std::size_t longest_answer = std::size_t{64} << 20;

std::string git(const std::filesystem::path &directory, std::vector<std::string> arguments)
{
    std::vector<std::string> argv{"git", "-C", directory.string()};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    const auto result = auth::run_child(argv, {}, patience, longest_answer);
    if (result.status != 0)
        throw Error{ErrorKind::not_found, fmt::format("git cannot tell what changed: {}", trim(result.err))}
            .with_hint("the clone needs the history up to the commit: GIT_DEPTH: 0 in a GitLab job");
    return result.out;
}

} // namespace

std::optional<GitChanges> git_changes(const std::filesystem::path &directory, const std::string &base)
{
    if (base.empty() || base.find_first_not_of('0') == std::string::npos)
        return std::nullopt;
    if (base.starts_with('-'))
        throw Error{ErrorKind::usage, fmt::format("\"{}\" is not the name of a commit", base)};
    GitChanges changes;
    changes.prefix = trim(git(directory, {"rev-parse", "--show-prefix"}));
    const auto names =
        git(directory, {"diff", "--name-only", "--no-renames", "-z", base + "...HEAD", "--", ":/"});
    for (const auto name : split(names, '\0'))
        if (!name.empty())
            changes.paths.emplace_back(name);
    return changes;
}

} // namespace mica::cli
