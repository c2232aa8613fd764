#include "exec/copy/wildcards.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "context/glob_syntax.hh"
#include "context/link_walk.hh"
#include "context/path_text.hh"
#include <fmt/format.h>
#include <utility>

namespace mica::exec {

using context::base_name;
using context::has_wildcard;
using context::join_path;
using context::parent_path;

namespace {

bool is_directory(const SourceView &view, std::string_view path)
{
    const auto entry = view.find(path);
    return entry && entry->type == tar::FileType::directory;
}

/// Appends what `components` from number `from` on match below `directory`.
void expand_below(const SourceView &view, const std::string &directory,
                  const std::vector<std::string_view> &components, std::size_t from,
                  std::vector<std::string> &found)
{
    const bool last = from + 1 == components.size();
    const auto take = [&](const std::string &path) {
        if (last)
            found.push_back(path);
        else
            expand_below(view, path, components, from + 1, found);
    };
    if (!is_directory(view, directory))
        return;
    const auto component = components[from];
    if (!has_wildcard(component)) {
        const auto path = join_path(directory, context::unescaped(component));
        if (view.find(path))
            take(path);
        return;
    }
    const auto pattern = context::compile_name_pattern(component);
    for (const auto &name : view.list(directory)) {
        if (pattern.matches(name))
            take(join_path(directory, name));
    }
}

std::optional<std::string> similar_name(const SourceView &view, std::string_view path)
{
    const auto directory = std::string{parent_path(path)};
    if (!is_directory(view, directory))
        return std::nullopt;
    const auto name = nearest(base_name(path), view.list(directory));
    return name ? std::optional{join_path(directory, *name)} : std::nullopt;
}

} // namespace

std::string follow_source(const SourceView &view, std::string_view path)
{
    return context::follow_links(path, true, [&](std::string_view at) -> std::optional<std::string> {
        auto entry = view.find(at);
        if (!entry || entry->type != tar::FileType::symlink)
            return std::nullopt;
        return std::move(entry->link_target);
    });
}

std::string literal_path(const SourceView &view, std::string_view path)
{
    if (path.find('\\') == std::string_view::npos)
        return std::string{path};
    std::string found;
    for (const auto component : split(path, '/')) {
        auto plain = join_path(found, context::unescaped(component));
        auto raw = join_path(found, component);
        const bool use_raw = !view.find(follow_source(view, plain)) && view.find(follow_source(view, raw));
        found = use_raw ? std::move(raw) : std::move(plain);
    }
    return found;
}

std::vector<std::string> expand_wildcards(const SourceView &view, std::string_view source)
{
    const auto components = split(source, '/');
    std::size_t first = 0;
    std::string literal;
    while (first < components.size() && !has_wildcard(components[first]))
        literal = join_path(literal, components[first++]);
    const auto start = follow_source(view, literal_path(view, literal));
    if (!view.find(start))
        throw Error{ErrorKind::not_found, fmt::format("\"/{}\": not found", literal)};
    std::vector<std::string> found;
    expand_below(view, start, components, first, found);
    return found;
}

std::vector<SourceMatch> match_source(const SourceView &view, std::string_view source,
                                      std::string_view ignore_file)
{
    const auto path = context::rooted_path(source);
    auto names = has_wildcard(path) ? expand_wildcards(view, path)
                                    : std::vector<std::string>{literal_path(view, path)};
    std::vector<SourceMatch> matches;
    for (auto &name : names) {
        auto target = follow_source(view, name);
        if (!view.find(target))
            throw_missing(view, name, ignore_file);
        matches.push_back({std::move(name), std::move(target)});
    }
    return matches;
}

void throw_missing(const SourceView &view, std::string_view path, std::string_view ignore_file)
{
    Error error{ErrorKind::not_found, fmt::format("\"/{}\": not found", path)};
    const auto entry = view.find(path);
    if (view.ignored(path))
        error.set_hint(fmt::format("it is excluded by {}", ignore_file));
    else if (entry && entry->type == tar::FileType::symlink)
        error.set_hint(fmt::format("it is a symbolic link to \"{}\", which does not exist where files are "
                                   "copied from",
                                   entry->link_target));
    else if (const auto similar = similar_name(view, path))
        error.set_hint(fmt::format("did you mean \"{}\"?", *similar));
    throw error;
}

} // namespace mica::exec
