#pragma once
/// @file
/// Who owns what is copied and who runs a command: names and numbers looked up in the
/// /etc/passwd and /etc/group of the image, by mica's own parser (never the host's).
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mica::exec {

struct Owner {
    std::uint32_t uid = 0, gid = 0;
    auto operator<=>(const Owner &) const = default;
};

/// Which files a lookup would read: a layer is fetched only for those.
struct NeededFiles {
    bool passwd = false, group = false;
    bool operator==(const NeededFiles &) const = default;
};

/// For resolve_chown(): numbers and "root" need no file.
[[nodiscard]] NeededFiles chown_needs(std::string_view text);

/// "user[:group]" of --chown (and of the directories that WORKDIR creates). A user id
/// alone gives the group of the same number, a user name its primary group; an empty
/// user is 0, an empty group means no group was given. `passwd` and `group` are the
/// files' bytes, empty where there is none. Throws Error (dockerfile) for a name that is
/// not there and for a number out of range; (integrity) for a file past 10 MiB.
[[nodiscard]] Owner resolve_chown(std::string_view text, std::string_view passwd, std::string_view group);

/// The user of a process.
struct RunUser {
    std::uint32_t uid = 0, gid = 0;
    /// All groups, the primary one first.
    std::vector<std::uint32_t> groups;
    std::string home; ///< of /etc/passwd; empty if the user is not there
};

/// "user[:group]" of USER, for a RUN; empty is root. A numeric user that is not in
/// `passwd` has group 0. Supplementary groups come from `group` unless the text names a
/// group. Errors as resolve_chown().
[[nodiscard]] RunUser resolve_user(std::string_view text, std::string_view passwd, std::string_view group);

} // namespace mica::exec
