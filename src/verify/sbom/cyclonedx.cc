#include "io/hash.hh"
#include "verify/printable.hh"
#include "verify/sbom/sbom.hh"
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <set>

// CycloneDX 1.5 (https://cyclonedx.org/docs/1.5/json/). The serial number is a UUID made of the content, as
// in RFC 9562's version 8, so that equal documents have equal numbers.

namespace mica::verify {

namespace {

using Json = nlohmann::ordered_json;

std::string text(const std::string &from)
{
    return printable(from, false);
}

std::string uuid_of(const std::string &content)
{
    auto hex = sha256(content).hex();
    hex[12] = '8';
    hex[16] = "89ab"[static_cast<std::size_t>(hex[16]) % 4];
    return fmt::format("{}-{}-{}-{}-{}", hex.substr(0, 8), hex.substr(8, 4), hex.substr(12, 4),
                       hex.substr(16, 4), hex.substr(20, 12));
}

Json component(const Package &package, const Distribution &distribution, std::set<std::string> &names)
{
    const auto locator = purl(package, distribution);
    auto reference = locator; // must be unique: one package may be recorded at several places
    for (int copy = 2; !names.insert(reference).second; ++copy)
        reference = fmt::format("{}#{}", locator, copy);
    Json json{{"type", "library"}, {"bom-ref", reference}};
    if (!package.group.empty())
        json["group"] = text(package.group);
    json["name"] = text(package.name);
    if (!package.version.empty())
        json["version"] = text(package.version);
    if (!package.license.empty())
        json["licenses"] = {{{"license", {{"name", text(package.license)}}}}};
    json["purl"] = locator;
    json["properties"] = {{{"name", "mica:record"}, {"value", text(package.path)}}};
    return json;
}

} // namespace

std::string cyclonedx_document(const Inventory &inventory, const SbomSubject &subject)
{
    Json components = Json::array();
    std::set<std::string> names;
    if (!inventory.distribution.id.empty()) {
        Json system{{"type", "operating-system"},
                    {"bom-ref", "os:" + text(inventory.distribution.id)},
                    {"name", text(inventory.distribution.id)}};
        if (!inventory.distribution.version.empty())
            system["version"] = text(inventory.distribution.version);
        components.push_back(std::move(system));
    }
    for (const auto &package : inventory.packages)
        components.push_back(component(package, inventory.distribution, names));
    const auto created = format_rfc3339(std::chrono::floor<std::chrono::seconds>(subject.created));
    Json image{{"type", "container"}, {"bom-ref", "image"}, {"name", text(subject.name)}};
    if (!subject.digest.empty())
        image["version"] = subject.digest;
    Json metadata{{"timestamp", created}};
    metadata["tools"] = {
        {"components",
         Json::array({{{"type", "application"}, {"name", "mica"}, {"version", subject.tool_version}}})}};
    metadata["component"] = std::move(image);
    Json document{{"$schema", "http://cyclonedx.org/schema/bom-1.5.schema.json"},
                  {"bomFormat", "CycloneDX"},
                  {"specVersion", "1.5"},
                  {"serialNumber", "urn:uuid:" + uuid_of(components.dump() + metadata.dump())},
                  {"version", 1}};
    document["metadata"] = std::move(metadata);
    document["components"] = std::move(components);
    return document.dump(2) + "\n";
}

} // namespace mica::verify
