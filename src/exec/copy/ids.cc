#include "exec/copy/ids.hh"

#include "base/error.hh"
#include "exec/copy/user_database.hh"
#include <algorithm>
#include <fmt/format.h>
#include <optional>

namespace mica::exec {

namespace {

struct UserText {
    std::string_view user, group;
};

UserText split_user(std::string_view text)
{
    const auto colon = text.find(':');
    if (colon == std::string_view::npos)
        return {text, {}};
    return {text.substr(0, colon), text.substr(colon + 1)};
}

template <class Entries, class Accept> auto first_of(const Entries &entries, Accept accept)
{
    const auto at = std::find_if(entries.begin(), entries.end(), accept);
    return at == entries.end() ? nullptr : &*at;
}

[[noreturn]] void throw_unknown(std::string_view what, std::string_view name, std::string_view file)
{
    throw Error{ErrorKind::dockerfile, fmt::format("no {} \"{}\" in {} of the image", what, name, file)}
        .with_hint(fmt::format("create the {} in an earlier RUN, or give its number", what));
}

/// What --chown takes without a look into a file.
std::optional<std::uint32_t> number_or_root(std::string_view text)
{
    return text == "root" ? std::optional{0U} : parse_id(text);
}

std::uint32_t group_by_name(std::string_view name, std::string_view group)
{
    const auto entries = parse_group(group);
    const auto *found = first_of(entries, [name](const GroupEntry &entry) { return entry.name == name; });
    if (found == nullptr)
        throw_unknown("group", name, "/etc/group");
    return found->gid;
}

Owner user_by_name(std::string_view name, std::string_view passwd)
{
    const auto entries = parse_passwd(passwd);
    const auto *found = first_of(entries, [name](const PasswdEntry &entry) { return entry.name == name; });
    if (found == nullptr)
        throw_unknown("user", name, "/etc/passwd");
    return {found->uid, found->gid};
}

/// The user of a process without what `group` says.
struct User {
    RunUser base;
    std::string name; ///< empty: not in /etc/passwd
};

User find_user(std::string_view text, std::string_view passwd)
{
    const auto wanted = text.empty() ? std::optional{0U} : parse_id(text);
    const auto entries = parse_passwd(passwd);
    const auto *found = first_of(entries, [&](const PasswdEntry &entry) {
        return wanted ? entry.uid == *wanted : entry.name == text;
    });
    User user;
    if (found != nullptr) {
        user.name = found->name;
        user.base = {.uid = found->uid, .gid = found->gid, .groups = {}, .home = found->home};
    } else if (wanted || text == "root") {
        user.base.uid = wanted.value_or(0); // group 0, as the other builders have it
    } else {
        throw_unknown("user", text, "/etc/passwd");
    }
    return user;
}

} // namespace

NeededFiles chown_needs(std::string_view text)
{
    const auto [user, group] = split_user(text);
    return {.passwd = !user.empty() && !number_or_root(user),
            .group = !group.empty() && !number_or_root(group)};
}

Owner resolve_chown(std::string_view text, std::string_view passwd, std::string_view group)
{
    const auto parts = split_user(text);
    Owner owner;
    if (const auto id = parts.user.empty() ? std::optional{0U} : number_or_root(parts.user))
        owner = {*id, *id};
    else
        owner = user_by_name(parts.user, passwd);
    if (parts.group.empty())
        return owner;
    const auto id = number_or_root(parts.group);
    owner.gid = id ? *id : group_by_name(parts.group, group);
    return owner;
}

RunUser resolve_user(std::string_view text, std::string_view passwd, std::string_view group)
{
    const auto parts = split_user(text);
    auto [user, name] = find_user(parts.user, passwd);
    if (!parts.group.empty()) {
        const auto id = parse_id(parts.group);
        user.gid = id ? *id : parts.group == "root" ? 0 : group_by_name(parts.group, group);
    }
    user.groups.push_back(user.gid);
    if (!parts.group.empty() || name.empty())
        return user;
    for (const auto &entry : parse_group(group)) {
        const bool member =
            std::find(entry.members.begin(), entry.members.end(), name) != entry.members.end();
        if (member && std::find(user.groups.begin(), user.groups.end(), entry.gid) == user.groups.end())
            user.groups.push_back(entry.gid);
    }
    return user;
}

} // namespace mica::exec
