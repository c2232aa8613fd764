#include "cli/metadata.hh"

#include "base/text.hh"
#include <nlohmann/json.hpp>

namespace mica::cli {

std::optional<Digest> config_digest_of(const std::vector<oci::Image> &images, const oci::Descriptor &written)
{
    const bool is_index =
        written.media_type == oci::MediaType::oci_index || written.media_type == oci::MediaType::docker_list;
    if (is_index || images.size() != 1)
        return std::nullopt;
    auto image = images.front();
    image.docker_types = written.media_type == oci::MediaType::docker_manifest;
    return oci::encode(image).config.digest;
}

Digest image_id(const ImageMetadata &metadata)
{
    return metadata.config_digest.value_or(metadata.descriptor.digest);
}

std::string metadata_json(const ImageMetadata &metadata)
{
    nlohmann::ordered_json json;
    if (metadata.config_digest)
        json["containerimage.config.digest"] = metadata.config_digest->str();
    json["containerimage.descriptor"] = {{"mediaType", oci::media_type_name(metadata.descriptor.media_type)},
                                         {"digest", metadata.descriptor.digest.str()},
                                         {"size", metadata.descriptor.size}};
    json["containerimage.digest"] = metadata.descriptor.digest.str();
    std::vector<std::string> names;
    for (const auto &name : metadata.names)
        names.push_back(name.str());
    if (!names.empty())
        json["image.name"] = join(names, ",");
    return json.dump(2) + "\n";
}

} // namespace mica::cli
