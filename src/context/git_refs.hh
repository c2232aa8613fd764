#pragma once
/// @file
/// What a ref of a git source means on its remote.
#include "context/remote_source.hh"
#include <string>
#include <string_view>

namespace mica::context {

/// A whole object name: 40 or 64 hexadecimal digits.
[[nodiscard]] bool is_commit_name(std::string_view text);

/// The full name of `ref` among the lines of "git ls-remote": a name that is complete but for
/// "refs/" wins over a branch, a branch over a tag. Throws Error (not_found).
struct RemoteRef {
    std::string name;   ///< "refs/heads/main"
    std::string object; ///< what it points to
};
[[nodiscard]] RemoteRef find_ref(std::string_view listing, std::string_view ref);

/// The branch that "git ls-remote --symref REMOTE HEAD" names; "HEAD" where it names none.
[[nodiscard]] std::string default_branch(std::string_view listing);

} // namespace mica::context
