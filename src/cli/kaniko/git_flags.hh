#pragma once
/// @file
/// Kaniko's git contexts: git://HOST/PATH[#REF[#COMMIT]] and --git.
#include "cli/context_details.hh"
#include "cli/environment.hh"
#include "context/remote_source.hh"
#include <optional>
#include <string>
#include <string_view>

namespace mica::cli::kaniko {

struct GitFlags {
    std::string branch; ///< or a tag; where the address names none
    std::optional<unsigned> depth;
    bool submodules = false, any_certificate = false;
};

/// "branch=main", "depth=1", "recurse-submodules=true" …; several may be parted by commas. Throws Error
/// (usage).
void add_git_flag(GitFlags &into, const std::string &given);

/// The repository of a context with that scheme: over HTTPS, or as GIT_PULL_METHOD says. Throws Error
/// (usage).
[[nodiscard]] context::GitSource git_source_of(std::string_view context, const GitFlags &flags,
                                               const Environment &environment);

/// GIT_TOKEN, else GIT_USERNAME and GIT_PASSWORD.
[[nodiscard]] std::optional<context::GitLogin> git_login_of(const Environment &environment);

inline constexpr std::string_view git_scheme = "git://";

} // namespace mica::cli::kaniko
