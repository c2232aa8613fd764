#include "context/git_reference.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "context/path_text.hh"
#include "context/url_text.hh"
#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <utility>

namespace mica::context {

namespace {

bool is_alphanumeric(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool consists_of(std::string_view text, std::string_view more)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [more](char c) {
        return is_alphanumeric(c) || more.find(c) != std::string_view::npos;
    });
}

/// One word of an address. None begins with what a program would take for an option.
bool is_name(std::string_view text, std::string_view signs)
{
    return !text.starts_with('-') && consists_of(text, signs);
}

/// "user@host:path", as scp(1) has it.
bool is_scp_style(std::string_view remote)
{
    const auto at = remote.find('@');
    const auto colon = remote.find(':');
    if (at == std::string_view::npos || colon == std::string_view::npos || colon < at)
        return false;
    return is_name(remote.substr(0, at), "-_") && is_name(remote.substr(at + 1, colon - at - 1), "-.");
}

[[noreturn]] void fail(std::string message)
{
    throw Error{ErrorKind::dockerfile, "git source: " + std::move(message)};
}

bool parse_bool(std::string_view key, std::string_view value)
{
    constexpr std::string_view yes[] = {"", "1", "t", "T", "true", "TRUE", "True"};
    constexpr std::string_view no[] = {"0", "f", "F", "false", "FALSE", "False"};
    if (std::find(std::begin(yes), std::end(yes), value) != std::end(yes))
        return true;
    if (std::find(std::begin(no), std::end(no), value) == std::end(no))
        fail(fmt::format("invalid {} value: \"{}\"", key, value));
    return false;
}

void set_once(std::string &field, std::string value, std::string_view what)
{
    if (!field.empty() && field != value)
        fail(fmt::format("{} conflicts: \"{}\" vs \"{}\"", what, field, value));
    field = std::move(value);
}

std::string with_prefix(std::string_view prefix, std::string_view name)
{
    return name.starts_with(prefix) ? std::string{name} : std::string{prefix}.append(name);
}

/// What the keys of a query say, on top of what the fragment said.
class QueryReader {
public:
    explicit QueryReader(GitSource &source) : source_{source} {}
    void read(std::string_view query);

private:
    void set(const std::string &key, const std::string &value);
    bool set_switch(const std::string &key, const std::string &value);
    bool set_ref(const std::string &key, const std::string &value);

    GitSource &source_;
    std::set<std::string> seen_;
};

void QueryReader::read(std::string_view query)
{
    for (const auto pair : split(query, '&')) {
        if (pair.empty())
            continue;
        const auto equals = pair.find('=');
        const auto key = percent_decoded(pair.substr(0, equals), true);
        const auto value =
            equals == std::string_view::npos ? std::string{} : percent_decoded(pair.substr(equals + 1), true);
        if (!seen_.insert(key).second)
            fail(fmt::format("query \"{}\" has multiple values", key));
        set(key, value);
    }
    if (seen_.contains("tag") && seen_.contains("branch"))
        fail("branch conflicts with tag");
}

void QueryReader::set(const std::string &key, const std::string &value)
{
    if (set_switch(key, value))
        return;
    if (value.empty())
        fail(fmt::format("query \"{}\" has no value", key));
    if (set_ref(key, value))
        return;
    if (key == "subdir") {
        set_once(source_.subdir, rooted_path(value), "subdir");
    } else if (key == "checksum" || key == "commit") {
        set_once(source_.commit, value, "checksum");
    } else if (key == "mtime") {
        if (value != "checkout" && value != "commit")
            fail(fmt::format("invalid mtime value: \"{}\" (must be \"checkout\" or \"commit\")", value));
        source_.mtime_of_commit = value == "commit";
    } else {
        fail(fmt::format("unexpected query \"{}\"", key));
    }
}

bool QueryReader::set_switch(const std::string &key, const std::string &value)
{
    if (key == "keep-git-dir")
        source_.keep_git_dir = parse_bool(key, value);
    else if (key == "submodules")
        source_.submodules = parse_bool(key, value);
    else if (key == "fetch-by-commit")
        source_.fetch_by_commit = parse_bool(key, value);
    else
        return false;
    return true;
}

bool QueryReader::set_ref(const std::string &key, const std::string &value)
{
    if (key == "ref")
        set_once(source_.ref, value, "ref");
    else if (key == "tag")
        set_once(source_.ref, with_prefix("refs/tags/", value), "ref");
    else if (key == "branch" && !seen_.contains("tag"))
        set_once(source_.ref, with_prefix("refs/heads/", value), "ref");
    else
        return key == "branch"; // together with a tag: refused at the end
    return true;
}

} // namespace

std::optional<GitReferenceText> find_git_reference(std::string_view source)
{
    if (source.starts_with("./") || source.starts_with("../"))
        return std::nullopt;
    const auto parts = split_url(source);
    const GitReferenceText text{parts.without_query, parts.query, parts.fragment};
    const auto scheme = to_lower(parts.scheme);
    if (scheme == "git" || scheme == "ssh")
        return text;
    if (scheme == "http" || scheme == "https")
        return percent_decoded(parts.path).ends_with(".git") ? std::optional{text} : std::nullopt;
    return scheme.empty() && is_scp_style(parts.without_query) ? std::optional{text} : std::nullopt;
}

GitSource parse_git_reference(const GitReferenceText &text)
{
    GitSource source;
    source.remote = text.remote;
    const auto fragment = percent_decoded(text.fragment);
    const auto colon = fragment.find(':');
    source.ref = fragment.substr(0, colon);
    if (colon != std::string::npos)
        source.subdir = rooted_path(std::string_view{fragment}.substr(colon + 1));
    QueryReader{source}.read(text.query);
    for (const auto *field : {&source.remote, &source.ref, &source.subdir, &source.commit})
        if (std::any_of(field->begin(), field->end(),
                        [](char c) { return (c >= 0 && c < ' ') || c == 0x7f; }))
            fail("there is a control character in it");
    return source;
}

} // namespace mica::context
