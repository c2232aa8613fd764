#pragma once
/// @file
/// The files of a git repository at one commit.
#include "base/clock.hh"
#include "context/context.hh"
#include "context/fetch_access.hh"
#include "context/remote_source.hh"
#include <memory>
#include <stop_token>
#include <string>

namespace mica::context {

struct GitTree {
    /// Of the subdirectory, if one was asked for. Files have mode 0644 or 0755, whatever the umask.
    /// Without .git, unless it was to be kept and the whole repository was asked for.
    std::shared_ptr<const Context> files;
    std::string commit; ///< full hash
    Time commit_time{}; ///< the committer's
};

/// Fetches one commit and no history where the server can do so, and its submodules unless told
/// otherwise. A pinned commit is had even if the ref has moved on or is gone, as long as the server gives it.
/// The checkout lies in the scratch directory as long as `files` lives. Throws Error
/// (not_found) for a ref or subdirectory that is not there, (integrity) for another commit than the
/// one asked for, what GitProgram throws, Cancelled.
[[nodiscard]] GitTree fetch_git(const GitSource &source, const FetchAccess &access,
                                const std::stop_token &stop);

} // namespace mica::context
