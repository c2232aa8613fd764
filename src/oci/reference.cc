// How an image name is read
//
// "a/b:c" can mean a registry "a" or a user "a" of Docker Hub; there is no syntax that tells them apart. The
// rule that every tool follows (distribution/reference's normalize.go): what stands before the first slash is
// a registry if it is "localhost", has a dot or a colon, or an upper-case letter (no repository may have
// one); else the name is one of Docker Hub's, and a Hub name of one component is in "library/". After that
// split the pieces have a regular grammar, which is checked here by hand, piece by piece, so that an error
// can say which piece is wrong.
#include "oci/reference.hh"

#include "base/error.hh"
#include "base/text.hh"
#include <algorithm>
#include <fmt/format.h>

namespace mica::oci {

namespace {

constexpr std::string_view hub = "docker.io";
constexpr std::string_view hub_of_old = "index.docker.io";
constexpr std::string_view official = "library/";
constexpr std::size_t longest_repository = 255;
constexpr std::size_t longest_tag = 128;

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}
bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}
bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}
bool is_alnum(char c)
{
    return is_digit(c) || is_lower(c) || is_upper(c);
}
bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

template <class Predicate> bool all(std::string_view text, Predicate predicate)
{
    return std::all_of(text.begin(), text.end(), predicate);
}

[[noreturn]] void refuse(std::string_view text, const std::string &why)
{
    throw Error{ErrorKind::usage, fmt::format("\"{}\" is not an image name: {}", text, why)};
}

bool is_host_label(std::string_view label)
{
    return !label.empty() && label.front() != '-' && label.back() != '-' &&
           all(label, [](char c) { return is_alnum(c) || c == '-'; });
}

bool is_host_name(std::string_view host)
{
    if (host.size() > 2 && host.front() == '[' && host.back() == ']')
        return all(host.substr(1, host.size() - 2), [](char c) { return is_hex(c) || c == ':'; });
    return std::ranges::all_of(split(host, '.'), is_host_label);
}

/// "host", "host:port", "[v6]:port".
bool is_registry(std::string_view text)
{
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos || text.back() == ']')
        return is_host_name(text);
    const auto port = text.substr(colon + 1);
    return !port.empty() && all(port, is_digit) && is_host_name(text.substr(0, colon));
}

/// Runs of [a-z0-9] joined by ".", "_", "__" or any number of "-".
bool is_path_component(std::string_view text)
{
    const auto word = [](char c) { return is_digit(c) || is_lower(c); };
    if (text.empty() || !word(text.front()) || !word(text.back()))
        return false;
    for (std::size_t i = 0; i < text.size();) {
        if (word(text[i])) {
            ++i;
            continue;
        }
        const auto end = static_cast<std::size_t>(
            std::find_if(text.begin() + static_cast<std::ptrdiff_t>(i), text.end(), word) - text.begin());
        const auto separator = text.substr(i, end - i);
        if (separator != "." && separator != "_" && separator != "__" &&
            !all(separator, [](char c) { return c == '-'; }))
            return false;
        i = end;
    }
    return true;
}

bool is_tag(std::string_view text)
{
    const auto word = [](char c) { return is_alnum(c) || c == '_'; };
    return !text.empty() && text.size() <= longest_tag && word(text.front()) &&
           all(text, [&](char c) { return word(c) || c == '.' || c == '-'; });
}

struct Split {
    std::string registry, rest;
};

/// Whether what stands before the first slash is a registry.
bool names_registry(std::string_view text)
{
    const auto slash = text.find('/');
    const auto first = text.substr(0, slash);
    return slash != std::string_view::npos &&
           (first == "localhost" || first.find_first_of(".:") != std::string_view::npos ||
            std::any_of(first.begin(), first.end(), is_upper));
}

Split split_registry(std::string_view text)
{
    Split out{std::string{hub}, std::string{text}};
    if (names_registry(text)) {
        const auto slash = text.find('/');
        const auto first = text.substr(0, slash);
        out = {std::string{first == hub_of_old ? hub : first}, std::string{text.substr(slash + 1)}};
    }
    if (out.registry == hub && out.rest.find('/') == std::string::npos)
        out.rest.insert(0, official);
    return out;
}

void check_repository(std::string_view whole, std::string_view repository)
{
    if (repository.empty())
        refuse(whole, "the repository is missing");
    if (std::any_of(repository.begin(), repository.end(), is_upper))
        refuse(whole, fmt::format("the repository \"{}\" must be lower-case", repository));
    for (const auto component : split(repository, '/'))
        if (!is_path_component(component))
            refuse(whole, component.empty()
                              ? "it has an empty part between slashes"
                              : fmt::format("\"{}\" may have only lower-case letters, digits and single "
                                            "separators (\".\", \"_\", \"__\", \"-\") between them",
                                            component));
    if (repository.size() > longest_repository)
        refuse(whole, fmt::format("the repository has more than {} characters", longest_repository));
}

Digest parse_digest(std::string_view whole, std::string_view text)
{
    try {
        return Digest::parse(text);
    } catch (const Error &error) {
        refuse(whole, error.message());
    }
}

void check_tag(std::string_view whole, std::string_view tag)
{
    if (!is_tag(tag))
        refuse(whole,
               fmt::format("the tag \"{}\" must be 1 to {} letters, digits, \"_\", \".\" or \"-\", and not "
                           "start with \".\" or \"-\"",
                           tag, longest_tag));
}

} // namespace

Reference Reference::parse(std::string_view text)
{
    if (text.empty())
        throw Error{ErrorKind::usage, "an image name is empty"};
    if (text.size() == 2 * Digest::size &&
        all(text, [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); }))
        refuse(text, "64 hex digits alone would be an image's ID");
    auto [registry, rest] = split_registry(text);
    Reference out;
    std::string_view name = rest;
    if (const auto at = name.find('@'); at != std::string_view::npos) {
        out.digest_ = parse_digest(text, name.substr(at + 1));
        name = name.substr(0, at);
    }
    if (const auto colon = name.find(':'); colon != std::string_view::npos) {
        check_tag(text, name.substr(colon + 1));
        out.tag_ = name.substr(colon + 1);
        name = name.substr(0, colon);
    }
    check_repository(text, name);
    if (!is_registry(registry))
        refuse(text, fmt::format("\"{}\" is not a registry (host or host:port)", registry));
    if (!out.tag_ && !out.digest_)
        out.tag_ = "latest";
    out.registry_ = std::move(registry);
    out.repository_ = name;
    return out;
}

Reference Reference::with_tag(std::string tag) const
{
    check_tag(name() + ":" + tag, tag);
    Reference out = *this;
    out.tag_ = std::move(tag);
    out.digest_.reset();
    return out;
}

Reference Reference::with_digest(const Digest &digest) const
{
    Reference out = *this;
    out.digest_ = digest;
    return out;
}

std::string Reference::str() const
{
    return name() + (tag_ ? ":" + *tag_ : "") + (digest_ ? "@" + digest_->str() : "");
}

std::string Reference::familiar() const
{
    std::string_view repository = repository_;
    bool drop_registry = registry_ == hub;
    if (drop_registry && repository.starts_with(official) &&
        repository.find('/', official.size()) == std::string_view::npos)
        repository.remove_prefix(official.size());
    else // a user's name on the Hub may look like a registry ("a.b/c"), then the registry must stay
        drop_registry = drop_registry && !names_registry(repository);
    return (drop_registry ? "" : registry_ + "/") + std::string{repository} + (tag_ ? ":" + *tag_ : "") +
           (digest_ ? "@" + digest_->str() : "");
}

std::string Reference::manifest_key() const
{
    return digest_ ? digest_->str() : *tag_;
}

} // namespace mica::oci
