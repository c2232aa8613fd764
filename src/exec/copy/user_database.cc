#include "exec/copy/user_database.hh"

#include "base/error.hh"
#include "base/text.hh"
#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <limits>

namespace mica::exec {

namespace {

constexpr std::size_t largest_file = 10 << 20;

void check_size(std::string_view bytes, std::string_view file)
{
    if (bytes.size() > largest_file)
        throw Error{ErrorKind::integrity, fmt::format("{} of the image is larger than 10 MiB", file)};
}

bool is_number(std::string_view text)
{
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// nullopt for anything that is no id, also for one out of range.
std::optional<std::uint32_t> small_number(std::string_view text)
{
    std::uint32_t value = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool fits = result.ec == std::errc{} && value != std::numeric_limits<std::uint32_t>::max();
    return is_number(text) && fits ? std::optional{value} : std::nullopt;
}

template <class Take> void for_each_record(std::string_view bytes, std::size_t least_fields, Take take)
{
    for (const auto raw : split(bytes, '\n')) {
        const auto line = trim(raw);
        const auto fields = split(line, ':');
        if (!line.starts_with('#') && fields.size() >= least_fields)
            take(fields);
    }
}

} // namespace

std::vector<PasswdEntry> parse_passwd(std::string_view bytes)
{
    check_size(bytes, "/etc/passwd");
    std::vector<PasswdEntry> entries;
    for_each_record(bytes, 4, [&](const std::vector<std::string_view> &fields) {
        const auto uid = small_number(fields[2]);
        const auto gid = small_number(fields[3]);
        if (uid && gid)
            entries.push_back({.name = std::string{fields[0]},
                               .home = std::string{fields.size() > 5 ? fields[5] : std::string_view{}},
                               .uid = *uid,
                               .gid = *gid});
    });
    return entries;
}

std::vector<GroupEntry> parse_group(std::string_view bytes)
{
    check_size(bytes, "/etc/group");
    std::vector<GroupEntry> entries;
    for_each_record(bytes, 3, [&](const std::vector<std::string_view> &fields) {
        const auto gid = small_number(fields[2]);
        if (!gid)
            return;
        auto &entry = entries.emplace_back();
        entry.name = fields[0];
        entry.gid = *gid;
        for (const auto member : split(fields.size() > 3 ? fields[3] : std::string_view{}, ',')) {
            if (!member.empty())
                entry.members.emplace_back(member);
        }
    });
    return entries;
}

std::optional<std::uint32_t> parse_id(std::string_view text)
{
    if (!is_number(text))
        return std::nullopt;
    if (const auto id = small_number(text))
        return id;
    throw Error{ErrorKind::dockerfile, fmt::format("the id {} is too large", text)};
}

} // namespace mica::exec
