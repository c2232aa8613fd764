#include "exec/copy/parents.hh"

#include "base/error.hh"
#include "context/glob_syntax.hh"
#include "context/link_walk.hh"
#include "context/path_text.hh"
#include <fmt/format.h>

namespace mica::exec {

using context::has_wildcard;
using context::join_path;

namespace {

/// A list reads "!" and blanks at the ends of a pattern as its own; as classes they are
/// characters.
std::string list_pattern(std::string text)
{
    const auto shield = [&](std::size_t at) { text.replace(at, 1, fmt::format("[{}]", text[at])); };
    if (text.empty())
        return "**";
    if (text.back() == ' ')
        shield(text.size() - 1);
    if (text.front() == '!' || text.front() == ' ')
        shield(0);
    return text;
}

void require(const SourceView &view, const std::string &path, std::string_view ignore_file)
{
    const auto plain = literal_path(view, path);
    if (!view.find(follow_source(view, plain)))
        throw_missing(view, plain, ignore_file);
    const auto lookup = [&](std::string_view at) -> std::optional<std::string> {
        const auto entry = view.find(at);
        return entry && entry->type == tar::FileType::symlink ? std::optional{entry->link_target}
                                                              : std::nullopt;
    };
    const auto real = context::follow_links(plain, false, lookup);
    if (real != plain)
        throw Error{
            ErrorKind::dockerfile,
            fmt::format("\"/{}\" leads through a symbolic link, which --parents does not follow", plain)}
            .with_hint(
                fmt::format("it is \"/{}\"; name that, or put the pivot \"/./\" behind the link", real));
}

} // namespace

PivotedSource split_at_pivot(std::string_view source)
{
    constexpr std::string_view pivot = "/./";
    const auto at = source.find(pivot);
    if (at == std::string_view::npos)
        return {{}, context::rooted_path(source)};
    return {context::rooted_path(source.substr(0, at)),
            context::rooted_path(source.substr(at + pivot.size()))};
}

void copy_with_parents(Copier &copier, const SourceView &view, std::string_view source,
                       std::string_view ignore_file)
{
    const auto [base, pattern] = split_at_pivot(source);
    const context::IgnoreList wanted{{list_pattern(pattern)}};
    for (const auto &match : match_source(view, base, ignore_file)) {
        if (view.find(match.path)->type != tar::FileType::directory)
            continue;
        if (!has_wildcard(base) && !has_wildcard(pattern))
            require(view, join_path(match.path, pattern), ignore_file);
        copier.copy_selected(view, match.path, wanted);
    }
}

} // namespace mica::exec
