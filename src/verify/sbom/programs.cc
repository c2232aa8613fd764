#include "base/text.hh"
#include "verify/elf_file.hh"
#include "verify/sbom/records.hh"
#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <zlib.h>

namespace mica::verify {

namespace {

constexpr std::size_t most_packages = 100'000;
constexpr unsigned long most_unpacked = 16UL << 20;

/// A length of seven bits a byte, lowest first, and so many bytes.
std::optional<std::string_view> take_text(std::string_view &bytes)
{
    std::uint64_t length = 0;
    for (unsigned shift = 0; !bytes.empty() && shift < 63; shift += 7) {
        const auto byte = static_cast<unsigned char>(bytes.front());
        bytes.remove_prefix(1);
        length |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
        if ((byte & 0x80U) != 0)
            continue;
        if (length > bytes.size())
            return std::nullopt;
        const auto text = bytes.substr(0, length);
        bytes.remove_prefix(length);
        return text;
    }
    return std::nullopt;
}

/// The lines of runtime/debug.BuildInfo: "mod", "dep" and "=>" (which replaces the line before) with
/// module, version and sum.
std::vector<Package> read_modules(std::string_view lines)
{
    std::vector<Package> packages;
    for (const auto line : split(lines, '\n')) {
        const auto fields = split(line, '\t');
        if (fields.size() < 2 || packages.size() == most_packages)
            continue;
        const bool replaces = fields[0] == "=>";
        if (fields[0] != "mod" && fields[0] != "dep" && !replaces)
            continue;
        Package package{.kind = PackageKind::go,
                        .name = std::string{fields[1]},
                        .version = fields.size() > 2 ? std::string{fields[2]} : std::string{}};
        if (package.version == "(devel)")
            package.version.clear();
        if (replaces && !packages.empty())
            packages.back() = std::move(package);
        else
            packages.push_back(std::move(package));
    }
    return packages;
}

/// The section begins with a magic of 14 bytes, the size of pointers and flags; with the second flag the
/// texts themselves follow at 32. The lines stand between two marks of 16 bytes.
std::vector<Package> read_go(std::string_view section)
{
    constexpr std::string_view magic{"\xff Go buildinf:", 14};
    constexpr std::size_t texts = 32, mark = 16;
    if (!section.starts_with(magic) || section.size() < texts ||
        (static_cast<unsigned char>(section[15]) & 2U) == 0)
        return {};
    section.remove_prefix(texts);
    const auto version = take_text(section);
    const auto info = version ? take_text(section) : std::nullopt;
    if (!info)
        return {};
    auto packages = info->size() > 2 * mark ? read_modules(info->substr(mark, info->size() - 2 * mark))
                                            : std::vector<Package>{};
    if (version->starts_with("go"))
        packages.push_back(
            {.kind = PackageKind::go, .name = "stdlib", .version = std::string{version->substr(2)}});
    return packages;
}

/// Zlib around JSON: {"packages":[{"name", "version", "kind"}]}; what only built it is no part of it.
std::vector<Package> read_auditable(std::string_view section)
{
    std::string text(std::min<std::size_t>(most_unpacked, section.size() * 64), '\0');
    auto size = static_cast<uLongf>(text.size());
    if (::uncompress(reinterpret_cast<Bytef *>(text.data()), &size,
                     reinterpret_cast<const Bytef *>(section.data()), section.size()) != Z_OK)
        return {};
    text.resize(size);
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object() || !json.contains("packages") || !json["packages"].is_array())
        return {};
    std::vector<Package> packages;
    for (const auto &item : json["packages"]) {
        if (!item.is_object() || packages.size() == most_packages)
            continue;
        const auto field = [&](const char *key) {
            const auto found = item.find(key);
            return found != item.end() && found->is_string() ? found->get<std::string>() : std::string{};
        };
        if (!field("name").empty() && field("kind") != "build")
            packages.push_back(
                {.kind = PackageKind::cargo, .name = field("name"), .version = field("version")});
    }
    return packages;
}

} // namespace

std::vector<Package> read_program(std::string_view file)
{
    std::vector<Package> packages;
    const auto sections = read_sections(file);
    if (!sections)
        return packages;
    for (const auto &section : *sections) {
        std::vector<Package> found;
        if (section.name == ".go.buildinfo")
            found = read_go(section.bytes);
        else if (section.name == ".dep-v0")
            found = read_auditable(section.bytes);
        packages.insert(packages.end(), found.begin(), found.end());
    }
    return packages;
}

} // namespace mica::verify
