#include "verify/sbom/package.hh"

#include "base/text.hh"
#include <fmt/format.h>

namespace mica::verify {

namespace {

std::string escaped(std::string_view text, std::string_view also_plain = "")
{
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           std::string_view{"-._~:"}.find(c) != std::string_view::npos ||
                           also_plain.find(c) != std::string_view::npos;
        if (plain)
            out += c;
        else
            out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

/// PEP 503: runs of "-", "_" and "." are one "-".
std::string python_name(std::string_view name)
{
    std::string out;
    for (const char c : to_lower(name)) {
        const bool separator = c == '-' || c == '_' || c == '.';
        if (!separator)
            out += c;
        else if (!out.ends_with('-'))
            out += '-';
    }
    return out;
}

std::string of_distribution(std::string_view type, std::string_view fallback, const Package &package,
                            const Distribution &distribution)
{
    const auto id = distribution.id.empty() ? std::string{fallback} : distribution.id;
    auto text =
        fmt::format("pkg:{}/{}/{}@{}", type, escaped(id), escaped(package.name), escaped(package.version));
    char separator = '?';
    const auto qualify = [&](std::string_view key, const std::string &value) {
        if (value.empty())
            return;
        text += fmt::format("{}{}={}", separator, key, escaped(value));
        separator = '&';
    };
    qualify("arch", package.architecture);
    if (!distribution.id.empty() && !distribution.version.empty())
        qualify("distro", distribution.id + "-" + distribution.version);
    return text;
}

} // namespace

std::string purl(const Package &package, const Distribution &distribution)
{
    const auto version = package.version.empty() ? std::string{} : "@" + escaped(package.version);
    switch (package.kind) {
    case PackageKind::deb:
        return of_distribution("deb", "debian", package, distribution);
    case PackageKind::apk:
        return of_distribution("apk", "alpine", package, distribution);
    case PackageKind::rpm:
        return of_distribution("rpm", "fedora", package, distribution);
    case PackageKind::python:
        return "pkg:pypi/" + escaped(python_name(package.name)) + version;
    case PackageKind::npm:
        return "pkg:npm/" + escaped(package.name, "/") + version;
    case PackageKind::go:
        return "pkg:golang/" + escaped(package.name, "/") + version;
    case PackageKind::cargo:
        return "pkg:cargo/" + escaped(package.name) + version;
    case PackageKind::maven:
        return "pkg:maven/" + escaped(package.group) + "/" + escaped(package.name) + version;
    }
    return {};
}

} // namespace mica::verify
