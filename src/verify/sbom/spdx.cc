#include "io/hash.hh"
#include "verify/printable.hh"
#include "verify/sbom/sbom.hh"
#include <fmt/format.h>
#include <nlohmann/json.hpp>

// SPDX 2.3 (https://spdx.github.io/spdx-spec/v2.3/). The document's namespace must be its own: it is made of
// the digest of all that stands in it, so that equal documents have equal names.

namespace mica::verify {

namespace {

using Json = nlohmann::ordered_json;

std::string text(const std::string &from)
{
    return printable(from, false);
}

Json package_json(const Package &package, std::size_t number, const Distribution &distribution)
{
    Json json{{"SPDXID", fmt::format("SPDXRef-Package-{}", number)},
              {"name", text(package.group.empty() ? package.name : package.group + ":" + package.name)}};
    if (!package.version.empty())
        json["versionInfo"] = text(package.version);
    json["downloadLocation"] = "NOASSERTION";
    json["filesAnalyzed"] = false;
    json["sourceInfo"] = "from " + text(package.path);
    json["licenseConcluded"] = "NOASSERTION";
    json["licenseDeclared"] = "NOASSERTION";
    if (!package.license.empty())
        json["licenseComments"] = "declared as: " + text(package.license);
    json["copyrightText"] = "NOASSERTION";
    json["externalRefs"] = {{{"referenceCategory", "PACKAGE-MANAGER"},
                             {"referenceType", "purl"},
                             {"referenceLocator", purl(package, distribution)}}};
    return json;
}

Json image_json(const SbomSubject &subject)
{
    Json json{{"SPDXID", "SPDXRef-Image"},
              {"name", text(subject.name)},
              {"versionInfo", subject.digest},
              {"downloadLocation", "NOASSERTION"},
              {"filesAnalyzed", false}};
    if (subject.digest.starts_with("sha256:"))
        json["checksums"] = {{{"algorithm", "SHA256"}, {"checksumValue", subject.digest.substr(7)}}};
    json["licenseConcluded"] = "NOASSERTION";
    json["licenseDeclared"] = "NOASSERTION";
    json["copyrightText"] = "NOASSERTION";
    json["primaryPackagePurpose"] = "CONTAINER";
    return json;
}

Json relationship(const std::string &from, const char *type, const std::string &to)
{
    return {{"spdxElementId", from}, {"relationshipType", type}, {"relatedSpdxElement", to}};
}

} // namespace

std::string spdx_document(const Inventory &inventory, const SbomSubject &subject)
{
    Json packages = Json::array({image_json(subject)});
    Json relations = Json::array({relationship("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-Image")});
    std::size_t number = 0;
    for (const auto &package : inventory.packages) {
        packages.push_back(package_json(package, ++number, inventory.distribution));
        relations.push_back(
            relationship("SPDXRef-Image", "CONTAINS", fmt::format("SPDXRef-Package-{}", number)));
    }
    const auto created = format_rfc3339(std::chrono::floor<std::chrono::seconds>(subject.created));
    const auto own = sha256(packages.dump() + created).hex();
    Json document{
        {"spdxVersion", "SPDX-2.3"},
        {"dataLicense", "CC0-1.0"},
        {"SPDXID", "SPDXRef-DOCUMENT"},
        {"name", text(subject.name)},
        {"documentNamespace", "https://spdx.org/spdxdocs/mica-" + own},
        {"creationInfo", {{"created", created}, {"creators", {"Tool: mica-" + subject.tool_version}}}}};
    document["packages"] = std::move(packages);
    document["relationships"] = std::move(relations);
    return document.dump(2) + "\n";
}

} // namespace mica::verify
