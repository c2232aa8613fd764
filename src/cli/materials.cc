#include "cli/materials.hh"

#include "context/url_text.hh"
#include "oci/reference.hh"

namespace mica::cli {

namespace {

using Kind = exec::ResolvedInput::Kind;

constexpr std::string_view image_scheme = "pkg:docker/", git_scheme = "git+";

std::string image_uri(const exec::ResolvedInput &input)
{
    const auto name = oci::Reference::parse(input.name);
    std::string platform;
    for (const char c : input.platform)
        platform += c == '/' ? std::string{"%2F"} : std::string{c};
    auto url = std::string{image_scheme} + name.familiar();
    if (const auto colon = url.rfind(':'); name.tag() && colon != std::string::npos)
        url[colon] = '@';
    return url + "?platform=" + platform;
}

/// "REMOTE#REF"; "user@host:path" is ssh.
std::string git_uri(const std::string &name)
{
    const auto hash = name.find('#');
    auto remote = name.substr(0, hash);
    if (remote.find("://") == std::string::npos) {
        if (const auto colon = remote.find(':'); colon != std::string::npos)
            remote[colon] = '/';
        remote = "ssh://" + remote;
    }
    return std::string{git_scheme} + remote + (hash == std::string::npos ? "" : "@" + name.substr(hash + 1));
}

} // namespace

verify::Material material_of(const exec::ResolvedInput &input)
{
    switch (input.kind) {
    case Kind::image:
    case Kind::kept:
        return {input.name, image_uri(input), input.digest};
    case Kind::commit:
        return {input.name, git_uri(input.name), input.digest};
    case Kind::file:
    case Kind::layout:
        break;
    }
    return {input.name, input.name, input.digest};
}

exec::Pins pins_of(const verify::Provenance &provenance)
{
    exec::Pins pins;
    for (const auto &material : provenance.materials) {
        const auto &uri = material.uri;
        if (uri.starts_with(git_scheme))
            pins.commits.insert_or_assign(material.name, material.digest);
        else if (!material.digest.starts_with("sha256:"))
            continue;
        else if (uri.starts_with(image_scheme))
            pins.images.insert_or_assign(material.name, Digest::parse(material.digest));
        else if (uri.starts_with("http"))
            pins.files.insert_or_assign(material.name, Digest::parse(material.digest));
    }
    return pins;
}

std::string public_address(std::string_view address)
{
    const auto parts = context::split_url(address);
    const auto at = parts.authority.rfind('@');
    const auto colon = parts.authority.find(':');
    if (at == std::string_view::npos)
        return std::string{address};
    if (parts.scheme.starts_with("http"))
        return context::without_login(address);
    std::string text{address};
    if (colon < at)
        text.erase(parts.scheme.size() + 3 + colon, at - colon);
    return text;
}

} // namespace mica::cli
