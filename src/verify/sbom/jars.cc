#include "base/text.hh"
#include "verify/archive_members.hh"
#include "verify/sbom/records.hh"

namespace mica::verify {

namespace {

constexpr std::uint64_t most_unpacked = std::uint64_t{256} << 20;

Package read_properties(std::string_view text)
{
    Package package{.kind = PackageKind::maven, .name = {}, .version = {}};
    for (const auto raw : split(text, '\n')) {
        const auto line = trim(raw);
        const auto equals = line.find('=');
        if (line.starts_with('#') || equals == std::string_view::npos)
            continue;
        const auto key = trim(line.substr(0, equals));
        const std::string value{trim(line.substr(equals + 1))};
        if (key == "groupId")
            package.group = value;
        else if (key == "artifactId")
            package.name = value;
        else if (key == "version")
            package.version = value;
    }
    return package;
}

} // namespace

std::vector<Package> read_jar(std::string_view file)
{
    std::vector<Package> packages;
    if (!file.starts_with("PK"))
        return packages;
    const auto members = read_members(file, most_unpacked);
    if (!members)
        return packages;
    for (const auto &member : *members) {
        if (!member.name.starts_with("META-INF/maven/") || !member.name.ends_with("/pom.properties"))
            continue;
        if (auto package = read_properties(member.text); !package.name.empty() && !package.group.empty())
            packages.push_back(std::move(package));
    }
    return packages;
}

} // namespace mica::verify
