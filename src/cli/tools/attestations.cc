#include "cli/tools/attestations.hh"

#include "base/error.hh"
#include "oci/json.hh"
#include <array>
#include <set>

namespace mica::cli {

namespace {

constexpr const char *predicate_annotation = "in-toto.io/predicate-type";
constexpr std::size_t most_manifests = 1000;

struct KnownType {
    std::string_view prefix, kind, format;
};

/// Types of predicates (in-toto/attestation, spec/predicates), and media types of what is attached by itself.
constexpr std::array known_types{
    KnownType{"https://slsa.dev/provenance/v1", "provenance", "SLSA provenance v1"},
    KnownType{"https://slsa.dev/provenance/v0.2", "provenance", "SLSA provenance v0.2"},
    KnownType{"https://slsa.dev/provenance/", "provenance", "SLSA provenance"},
    KnownType{"https://spdx.dev/Document", "SBOM", "SPDX"},
    KnownType{"https://cyclonedx.org/bom", "SBOM", "CycloneDX"},
    KnownType{"application/spdx+json", "SBOM", "SPDX"},
    KnownType{"text/spdx", "SBOM", "SPDX"},
    KnownType{"application/vnd.cyclonedx", "SBOM", "CycloneDX"},
    KnownType{"application/vnd.dev.cosign.simplesigning", "signature", "cosign"},
    KnownType{"application/vnd.dev.sigstore.bundle", "signature", "Sigstore bundle"},
    KnownType{"application/vnd.cncf.notary.signature", "signature", "Notary Project"},
    KnownType{"application/jose+json", "signature", "JWS"},
    KnownType{"application/cose", "signature", "COSE"},
};

std::string type_of(const oci::Descriptor &descriptor)
{
    return descriptor.media_type == oci::MediaType::other
               ? descriptor.other_media_type
               : std::string{oci::media_type_name(descriptor.media_type)};
}

AttachedDocument described(const Digest &image, const Digest &manifest, const oci::Descriptor &blob)
{
    AttachedDocument document{image, manifest, blob, "other", type_of(blob)};
    if (const auto type = blob.annotations.find(predicate_annotation); type != blob.annotations.end())
        document.format = document.predicate_type = type->second;
    for (const auto &known : known_types)
        if (document.format.starts_with(known.prefix)) {
            document.kind = known.kind;
            document.format = known.format;
            break;
        }
    return document;
}

bool is_about(const oci::Descriptor &entry, const Digest &image)
{
    const auto found = entry.annotations.find("vnd.docker.reference.digest");
    return found != entry.annotations.end() && found->second == image.str();
}

} // namespace

std::vector<oci::Descriptor> beside(const oci::Index &index, const Digest &image)
{
    std::vector<oci::Descriptor> manifests;
    for (const auto &entry : index.manifests)
        if (is_about(entry, image))
            manifests.push_back(entry);
    return manifests;
}

std::vector<AttachedDocument> attached_documents(ImageSource &source, const Digest &image,
                                                 const std::vector<oci::Descriptor> &manifests,
                                                 const std::stop_token &stop)
{
    std::vector<AttachedDocument> documents;
    std::set<Digest> seen;
    for (const auto &carrier : manifests) {
        if (!seen.insert(carrier.digest).second || seen.size() > most_manifests)
            continue;
        const auto raw = source.manifest(carrier, stop);
        const auto parsed = oci::parse_manifest(raw.bytes, oci::media_type_name(raw.descriptor.media_type));
        if (const auto *manifest = std::get_if<oci::Manifest>(&parsed))
            for (const auto &blob : manifest->layers)
                documents.push_back(described(image, carrier.digest, blob));
    }
    return documents;
}

} // namespace mica::cli
