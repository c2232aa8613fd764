#include "verify/sbom/records.hh"

#include "base/text.hh"
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

namespace mica::verify {

namespace {

constexpr std::size_t most_packages = 100'000;

using Fields = std::map<std::string, std::string, std::less<>>;

std::string value(const Fields &fields, std::string_view key)
{
    const auto found = fields.find(key);
    return found == fields.end() ? std::string{} : found->second;
}

/// "Name: value" up to an empty line; lines that begin with a blank continue the one before and do not
/// matter here. Returns what is left.
std::string_view read_stanza(std::string_view text, Fields &fields)
{
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = trim(text.substr(0, end), "\r");
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.empty())
            break;
        const auto colon = line.find(':');
        if (line.front() != ' ' && line.front() != '\t' && colon != std::string_view::npos)
            fields.emplace(line.substr(0, colon), trim(line.substr(colon + 1)));
    }
    return text;
}

template <class Make> std::vector<Package> read_stanzas(std::string_view text, Make make)
{
    std::vector<Package> packages;
    while (!text.empty() && packages.size() < most_packages) {
        Fields fields;
        text = read_stanza(text, fields);
        if (auto package = make(fields); !package.name.empty() && !package.version.empty())
            packages.push_back(std::move(package));
    }
    return packages;
}

} // namespace

std::vector<Package> read_dpkg_status(std::string_view text)
{
    return read_stanzas(text, [](const Fields &fields) -> Package {
        const auto status = value(fields, "Status"); // distroless images have none
        if (!status.empty() && !status.ends_with(" installed"))
            return {};
        return {PackageKind::deb, value(fields, "Package"), value(fields, "Version"),
                value(fields, "Architecture")};
    });
}

std::vector<Package> read_apk_installed(std::string_view text)
{
    return read_stanzas(text, [](const Fields &fields) -> Package {
        return {.kind = PackageKind::apk,
                .name = value(fields, "P"),
                .version = value(fields, "V"),
                .architecture = value(fields, "A"),
                .license = value(fields, "L")};
    });
}

std::vector<Package> read_rpm_manifest(std::string_view text)
{
    std::vector<Package> packages;
    for (const auto line : split(text, '\n')) {
        const auto fields = split(line, '\t');
        if (fields.size() < 8 || fields[0].empty() || packages.size() == most_packages)
            continue;
        packages.push_back(
            {PackageKind::rpm, std::string{fields[0]}, std::string{fields[1]}, std::string{fields[7]}});
    }
    return packages;
}

std::vector<Package> read_python_metadata(std::string_view text)
{
    Fields fields;
    static_cast<void>(read_stanza(text, fields));
    auto license = value(fields, "License-Expression");
    if (license.empty())
        license = value(fields, "License");
    Package package{.kind = PackageKind::python,
                    .name = value(fields, "Name"),
                    .version = value(fields, "Version"),
                    .license = license == "UNKNOWN" ? "" : license};
    if (package.name.empty() || package.version.empty())
        return {};
    return {std::move(package)};
}

std::vector<Package> read_npm_package(std::string_view text)
{
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object())
        return {};
    const auto field = [&](const char *key) {
        const auto found = json.find(key);
        return found != json.end() && found->is_string() ? found->get<std::string>() : std::string{};
    };
    Package package{.kind = PackageKind::npm,
                    .name = field("name"),
                    .version = field("version"),
                    .license = field("license")};
    if (package.name.empty() || package.version.empty())
        return {};
    return {std::move(package)};
}

std::vector<Package> read_cargo_lock(std::string_view text)
{
    std::vector<Package> packages;
    Package package{.kind = PackageKind::cargo, .name = {}, .version = {}};
    const auto finish = [&] {
        if (!package.name.empty() && !package.version.empty() && packages.size() < most_packages)
            packages.push_back(package);
        package = {.kind = PackageKind::cargo, .name = {}, .version = {}};
    };
    bool in_package = false;
    for (const auto raw : split(text, '\n')) {
        const auto line = trim(raw);
        if (line.starts_with('[')) {
            finish();
            in_package = line == "[[package]]";
        }
        const auto equals = line.find('=');
        if (!in_package || equals == std::string_view::npos)
            continue;
        const auto key = trim(line.substr(0, equals));
        const auto text_value = trim(line.substr(equals + 1), " \"");
        if (key == "name")
            package.name = text_value;
        else if (key == "version")
            package.version = text_value;
    }
    finish();
    return packages;
}

Distribution read_os_release(std::string_view text)
{
    Distribution distribution;
    for (const auto raw : split(text, '\n')) {
        const auto line = trim(raw);
        const auto equals = line.find('=');
        if (equals == std::string_view::npos)
            continue;
        const auto key = line.substr(0, equals);
        const std::string content{trim(line.substr(equals + 1), "\"'")};
        if (key == "ID")
            distribution.id = content;
        else if (key == "VERSION_ID")
            distribution.version = content;
        else if (key == "PRETTY_NAME")
            distribution.pretty_name = content;
    }
    return distribution;
}

} // namespace mica::verify
