#include "context/link_walk.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "context/path_text.hh"
#include <algorithm>
#include <fmt/format.h>
#include <vector>

namespace mica::context {

namespace {

constexpr int most_links = 255;

/// Puts the components of `path` onto a stack whose top is what comes next.
void push_components(std::vector<std::string> &pending, std::string_view path)
{
    const auto parts = split(path, '/');
    std::for_each(parts.rbegin(), parts.rend(), [&](std::string_view part) {
        if (!part.empty() && part != ".")
            pending.emplace_back(part);
    });
}

} // namespace

std::string follow_links(std::string_view path, bool follow_last, const LinkLookup &link_at)
{
    std::vector<std::string> pending;
    push_components(pending, path);
    std::string at;
    for (int links = 0; !pending.empty();) {
        const auto name = std::move(pending.back());
        pending.pop_back();
        if (name == "..") {
            at = parent_path(at);
            continue;
        }
        auto next = join_path(at, name);
        const bool follow = follow_last || !pending.empty();
        const auto link = follow ? link_at(next) : std::nullopt;
        if (!link) {
            at = std::move(next);
            continue;
        }
        if (++links > most_links)
            throw Error{ErrorKind::io, fmt::format("\"/{}\": too many levels of symbolic links", path)};
        if (link->starts_with('/'))
            at.clear();
        push_components(pending, *link);
    }
    return at;
}

} // namespace mica::context
