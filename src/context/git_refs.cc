#include "context/git_refs.hh"

#include "base/error.hh"
#include "base/text.hh"
#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace mica::context {

namespace {

std::string with_prefix(std::string_view prefix, std::string_view name)
{
    return name.starts_with(prefix) ? std::string{name} : std::string{prefix}.append(name);
}

} // namespace

bool is_commit_name(std::string_view text)
{
    constexpr std::size_t sha1 = 40, sha256 = 64;
    return (text.size() == sha1 || text.size() == sha256) &&
           std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

RemoteRef find_ref(std::string_view listing, std::string_view ref)
{
    std::map<std::string_view, std::string_view> objects;
    for (const auto line : split(listing, '\n')) {
        const auto tab = line.find('\t');
        if (tab != std::string_view::npos)
            objects.emplace(line.substr(tab + 1), line.substr(0, tab));
    }
    for (const auto *const prefix : {"refs/", "refs/heads/", "refs/tags/"}) {
        auto name = with_prefix(prefix, ref);
        if (const auto found = objects.find(name); found != objects.end())
            return {std::move(name), std::string{found->second}};
    }
    if (const auto found = objects.find(ref); ref == "HEAD" && found != objects.end())
        return {"HEAD", std::string{found->second}};
    throw Error{ErrorKind::not_found, fmt::format("the repository does not contain the ref \"{}\"", ref)}
        .with_hint("name a branch, a tag, or a commit by its full hash");
}

std::string default_branch(std::string_view listing)
{
    constexpr std::string_view mark = "ref: ";
    for (const auto line : split(listing, '\n')) {
        const auto tab = line.find('\t');
        if (tab != std::string_view::npos && line.starts_with(mark) && line.substr(tab + 1) == "HEAD")
            return std::string{line.substr(mark.size(), tab - mark.size())};
    }
    return "HEAD";
}

} // namespace mica::context
