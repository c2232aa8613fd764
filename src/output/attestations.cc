#include "output/attestations.hh"

#include "base/error.hh"
#include "io/hash.hh"
#include "oci/platform.hh"
#include <fmt/format.h>
#include <map>
#include <nlohmann/json.hpp>

namespace mica::output {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char *statement_type = "application/vnd.in-toto+json";
constexpr const char *artifact_type = "application/vnd.docker.attestation.manifest.v1+json";

/// Statements by digest.
class Statements final : public oci::BlobReader {
public:
    oci::Descriptor add(std::string json)
    {
        oci::Descriptor blob{.media_type = oci::MediaType::other,
                             .digest = sha256(json),
                             .size = json.size(),
                             .other_media_type = statement_type};
        texts_.insert_or_assign(blob.digest, std::move(json));
        return blob;
    }
    [[nodiscard]] std::unique_ptr<Source> open(const oci::Descriptor &blob,
                                               const std::stop_token &) const override
    {
        return std::make_unique<StringSource>(texts_.at(blob.digest));
    }

private:
    std::map<Digest, std::string> texts_;
};

/// purl-spec's "docker" type.
std::string package_url(const oci::Reference &name, const oci::Platform &platform)
{
    auto text = "pkg:docker/" + name.with_tag(name.tag().value_or("latest")).familiar();
    const auto colon = text.rfind(':');
    text[colon] = '@';
    std::string encoded;
    for (const char c : oci::format_platform(platform))
        encoded += c == '/' ? std::string{"%2F"} : std::string{c};
    return text + "?platform=" + encoded;
}

/// in-toto's Statement v1 (v0.1's form, which readers of BuildKit's know, differs in its type alone).
std::string statement(const Attestation &attestation, const oci::Descriptor &image,
                      std::span<const oci::Reference> names, const oci::Platform &platform)
{
    Json subjects = Json::array();
    const Json digest{{"sha256", image.digest.hex()}};
    for (const auto &name : names)
        subjects.push_back({{"name", package_url(name, platform)}, {"digest", digest}});
    if (subjects.empty())
        subjects.push_back({{"name", "image"}, {"digest", digest}});
    Json json{{"_type", "https://in-toto.io/Statement/v1"}, {"subject", std::move(subjects)}};
    json["predicateType"] = attestation.predicate_type;
    json["predicate"] = Json::parse(attestation.predicate);
    return json.dump();
}

Json descriptor(const oci::Descriptor &from)
{
    Json json{{"mediaType", from.media_type == oci::MediaType::other
                                ? from.other_media_type
                                : std::string{oci::media_type_name(from.media_type)}},
              {"digest", from.digest.str()},
              {"size", from.size}};
    if (!from.annotations.empty())
        json["annotations"] = from.annotations;
    return json;
}

oci::Descriptor described(oci::MediaType type, const std::string &json)
{
    return {.media_type = type, .digest = sha256(json), .size = json.size()};
}

/// The manifest, its configuration (which no container can have) and its entry in the index.
oci::EncodedImage encode(const std::vector<oci::PlacedLayer> &statements, const oci::Descriptor &image)
{
    Json ids = Json::array(), layers = Json::array();
    for (const auto &placed : statements) {
        ids.push_back(placed.layer.diff_id.str());
        layers.push_back(descriptor(placed.layer.blob));
    }
    const Json config{{"architecture", "unknown"},
                      {"os", "unknown"},
                      {"config", Json::object()},
                      {"rootfs", {{"type", "layers"}, {"diff_ids", ids}}}};
    auto config_json = config.dump();
    const auto config_blob = described(oci::MediaType::oci_config, config_json);
    auto subject = image;
    subject.annotations.clear();
    const Json manifest{{"schemaVersion", 2},
                        {"mediaType", oci::media_type_name(oci::MediaType::oci_manifest)},
                        {"artifactType", artifact_type},
                        {"config", descriptor(config_blob)},
                        {"layers", layers},
                        {"subject", descriptor(subject)}};
    auto manifest_json = manifest.dump();
    auto entry = described(oci::MediaType::oci_manifest, manifest_json);
    entry.platform = oci::Platform{.os = "unknown", .architecture = "unknown"};
    entry.annotations = {{"vnd.docker.reference.digest", image.digest.str()},
                         {"vnd.docker.reference.type", "attestation-manifest"}};
    return {std::move(config_json), std::move(manifest_json), config_blob, std::move(entry)};
}

} // namespace

void add_attestations(std::span<const Attestation> attestations, std::span<const oci::Reference> names,
                      const oci::Annotations &index_annotations, EncodedImages &images)
{
    const auto count = images.documents.size();
    const auto statements = std::make_shared<Statements>();
    for (std::size_t i = 0; i < count; ++i) {
        oci::Image carrier;
        const auto image = images.documents[i].manifest;
        for (const auto &attestation : attestations) {
            if (attestation.image != i)
                continue;
            auto blob =
                statements->add(statement(attestation, image, names, images.images[i].config.platform));
            blob.annotations = {{"in-toto.io/predicate-type", attestation.predicate_type}};
            carrier.layers.push_back({{blob.digest, blob}, statements});
        }
        if (carrier.layers.empty())
            continue;
        images.documents.push_back(encode(carrier.layers, image));
        images.images.push_back(std::move(carrier));
    }
    images.index = oci::encode_index(images.documents, false, index_annotations);
}

} // namespace mica::output
