#include "exec/remote_pins.hh"

#include "base/error.hh"
#include "context/git_refs.hh"
#include "context/url_text.hh"
#include <fmt/format.h>
#include <variant>

namespace mica::exec {

namespace {

void refuse(const std::string &name, const Pins &pins)
{
    if (pins.refuse_others)
        throw Error{ErrorKind::usage, fmt::format("the lock has no digest of {}", name)}.with_hint(
            "\"mica lock\" adds what the Dockerfile names");
}

void pin(context::HttpSource &source, const std::string &name, const Pins &pins)
{
    const auto found = pins.files.find(name);
    if (found == pins.files.end())
        return refuse(name, pins);
    source.checksum = found->second.str();
}

void pin(context::GitSource &source, const std::string &name, const Pins &pins)
{
    const auto found = pins.commits.find(name);
    if (found == pins.commits.end())
        return refuse(name, pins);
    source.pinned = found->second;
}

} // namespace

std::string pin_name(const context::RemoteSource &source)
{
    if (const auto *http = std::get_if<context::HttpSource>(&source))
        return context::without_login(http->url.substr(0, http->url.find('#')));
    const auto &git = std::get<context::GitSource>(source);
    const auto remote = context::without_login(git.remote);
    return git.ref.empty() ? remote : remote + "#" + git.ref;
}

bool names_its_digest(const context::RemoteSource &source)
{
    if (const auto *http = std::get_if<context::HttpSource>(&source))
        return !http->checksum.empty();
    const auto &git = std::get<context::GitSource>(source);
    return context::is_commit_name(git.ref) || context::is_commit_name(git.commit);
}

context::RemoteSource pinned(context::RemoteSource source, const Pins &pins)
{
    if (!names_its_digest(source))
        std::visit([name = pin_name(source), &pins](auto &kind) { pin(kind, name, pins); }, source);
    return source;
}

} // namespace mica::exec
