#include "output/encoded_images.hh"

#include "base/error.hh"
#include "output/attestations.hh"
#include <set>

namespace mica::output {

namespace {

void check(const BuiltImages &built, const OutputSpec &spec)
{
    if (built.images.empty())
        throw Error{ErrorKind::internal, "there is no image to write"};
    if (!built.as_index && built.images.size() > 1)
        throw Error{ErrorKind::internal, "there are several images, but no index was asked for"};
    if (spec.type == OutputType::docker && built.as_index)
        throw Error{ErrorKind::usage, "a docker archive holds the image of one platform only"}.with_hint(
            "build for one platform, or write an OCI archive (type=oci)");
    if (!built.attestations.empty() && spec.type != OutputType::docker && !spec.oci_media_types)
        throw Error{ErrorKind::usage, "attestations need OCI's media types"};
    if (!built.as_index && built.attestations.empty() && !spec.index_annotations.empty())
        throw Error{ErrorKind::usage, "an image of one platform has no index that could be annotated"};
}

bool is_foreign(const oci::Descriptor &layer)
{
    return !layer.urls.empty() && (layer.media_type == oci::MediaType::docker_foreign_layer_gzip ||
                                   layer.media_type == oci::MediaType::oci_foreign_layer_gzip);
}

} // namespace

EncodedImages encode_all(const BuiltImages &built, const OutputSpec &spec)
{
    check(built, spec);
    const bool docker_types = spec.type == OutputType::docker || !spec.oci_media_types;
    EncodedImages out{.images = built.images, .documents = {}, .index = {}};
    for (auto &image : out.images) {
        image.docker_types = docker_types;
        for (const auto &[key, value] : spec.annotations)
            image.annotations.insert_or_assign(key, value);
        out.documents.push_back(oci::encode(image));
    }
    if (built.as_index)
        out.index = oci::encode_index(out.documents, docker_types, spec.index_annotations);
    if (!built.attestations.empty() && spec.type != OutputType::docker)
        add_attestations(built.attestations, spec.names, spec.index_annotations, out);
    return out;
}

std::unique_ptr<Source> ImageBlob::open(const std::stop_token &stop) const
{
    if (from)
        return from->open(descriptor, stop);
    return std::make_unique<StringSource>(bytes);
}

std::vector<ImageBlob> blobs_of(const EncodedImages &images, bool with_foreign_layers)
{
    std::vector<ImageBlob> out;
    std::set<Digest> seen;
    const auto add = [&](ImageBlob blob) {
        if (seen.insert(blob.descriptor.digest).second)
            out.push_back(std::move(blob));
    };
    for (const auto &image : images.images)
        for (const auto &placed : image.layers)
            if (with_foreign_layers || !is_foreign(placed.layer.blob))
                add({placed.layer.blob, placed.blobs, {}});
    for (const auto &document : images.documents)
        add({document.config, nullptr, document.config_json});
    for (const auto &document : images.documents)
        add({document.manifest, nullptr, document.manifest_json});
    if (images.index)
        add({images.index->descriptor, nullptr, images.index->json});
    return out;
}

std::uint64_t total_size(const std::vector<ImageBlob> &blobs)
{
    std::uint64_t sum = 0;
    for (const auto &blob : blobs)
        sum += blob.descriptor.size;
    return sum;
}

} // namespace mica::output
