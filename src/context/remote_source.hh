#pragma once
/// @file
/// Sources of ADD, and contexts, that are not local: HTTP(S) URLs and git repositories. This is
/// the grammar alone; nothing is fetched here.
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace mica::context {

struct HttpSource {
    std::string url{};
    /// Last component of the URL's path, or "__unnamed__".
    std::string file_name{};
    std::string checksum{}; ///< "sha256:…" that the bytes must have; empty: none given
    bool operator==(const HttpSource &) const = default;
};

/// A repository, with what fragment ("#ref:subdir") or query say of it.
struct GitSource {
    std::string remote{}; ///< what git is given: no fragment, no query
    std::string ref{};    ///< branch, tag or commit; empty: the remote's HEAD
    std::string subdir{}; ///< within the repository, cleaned, no leading slash; empty: all of it
    std::string commit{}; ///< checksum= or commit=: what the ref must be (may be abbreviated)
    /// The whole hash of the commit that is to be had, whatever `ref` names by now; empty: what it names.
    std::string pinned{};
    std::optional<bool> keep_git_dir{}, submodules{};
    std::optional<unsigned> depth{}; ///< how many commits of history there are, zero: all; unset: one
    bool mtime_of_commit = false;
    bool fetch_by_commit = false;
    bool operator==(const GitSource &) const = default;
};

/// nullopt: a local path. Throws Error (dockerfile) for a git reference that contradicts
/// itself or has an unknown query key. "host/path" without a scheme is a local path, as
/// is what begins with "./" or "../".
using RemoteSource = std::variant<HttpSource, GitSource>;
[[nodiscard]] std::optional<RemoteSource> parse_remote_source(std::string_view source);

/// As a build context, where also "github.com/owner/name" is a repository.
[[nodiscard]] std::optional<RemoteSource> parse_remote_context(std::string_view source);

[[nodiscard]] bool is_url(std::string_view source);
[[nodiscard]] bool is_git(std::string_view source);

} // namespace mica::context
