#include "plan/remote_source.hh"
#include "base/error.hh"
#include "base/text.hh"
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>
#include <string>

namespace mica::plan {
namespace {

/// An address cut into what matters here.
struct Parts {
    std::string_view path, query;
};

Parts cut(std::string_view rest)
{
    rest = rest.substr(0, rest.find('#'));
    const auto mark = rest.find('?');
    if (mark == std::string_view::npos)
        return {rest, {}};
    return {rest.substr(0, mark), rest.substr(mark + 1)};
}

bool all_of(std::string_view text, std::string_view more)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [more](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               more.find(c) != std::string_view::npos;
    });
}

/// "user@host:path", what git and ssh call the scp form. Where it ends or npos.
std::size_t scp_path(std::string_view source)
{
    const auto at = source.find('@');
    if (at == std::string_view::npos || !all_of(source.substr(0, at), "-_"))
        return std::string_view::npos;
    const auto colon = source.find(':', at);
    if (colon == std::string_view::npos || !all_of(source.substr(at + 1, colon - at - 1), "-."))
        return std::string_view::npos;
    return colon + 1;
}

void check_query(std::string_view query)
{
    constexpr std::array<std::string_view, 7> with_value{"ref",      "tag",    "branch", "subdir",
                                                         "checksum", "commit", "mtime"};
    constexpr std::array<std::string_view, 3> flags{"keep-git-dir", "submodules", "fetch-by-commit"};
    std::set<std::string_view> seen;
    for (const auto field : split(query, '&')) {
        if (field.empty())
            continue;
        const auto name = field.substr(0, field.find('='));
        const auto value = field.size() > name.size() ? field.substr(name.size() + 1) : std::string_view{};
        const bool is_flag = std::find(flags.begin(), flags.end(), name) != flags.end();
        if (!is_flag && std::find(with_value.begin(), with_value.end(), name) == with_value.end())
            throw Error{ErrorKind::dockerfile, fmt::format("unexpected query \"{}\"", name)}.with_hint(
                fmt::format("a git address takes {} and {}", fmt::join(with_value, ", "),
                            fmt::join(flags, ", ")));
        if (!seen.insert(name).second)
            throw Error{ErrorKind::dockerfile, fmt::format("query \"{}\" has multiple values", name)};
        if (!is_flag && value.empty())
            throw Error{ErrorKind::dockerfile, fmt::format("query \"{}\" has no value", name)};
    }
    if (seen.contains("tag") && seen.contains("branch"))
        throw Error{ErrorKind::dockerfile, "branch conflicts with tag"};
}

SourceKind git(std::string_view query)
{
    check_query(query);
    return SourceKind::git;
}

} // namespace

SourceKind source_kind(std::string_view source)
{
    const auto scheme_end = source.find("://");
    if (scheme_end != std::string_view::npos && all_of(source.substr(0, scheme_end), "")) {
        const auto scheme = to_lower(source.substr(0, scheme_end));
        const auto parts = cut(source.substr(scheme_end + 3));
        if (scheme == "git" || scheme == "ssh")
            return git(parts.query);
        if ((scheme == "http" || scheme == "https") && parts.path.ends_with(".git") &&
            parts.path.find('/') != std::string_view::npos)
            return git(parts.query);
        return source.starts_with("http://") || source.starts_with("https://") ? SourceKind::http
                                                                               : SourceKind::local;
    }
    if (const auto path = scp_path(source); path != std::string_view::npos)
        return git(cut(source.substr(path)).query);
    return SourceKind::local;
}

} // namespace mica::plan
