#include "oci/model.hh"

#include <array>
#include <utility>

namespace mica::oci {

namespace {

using Entry = std::pair<MediaType, std::string_view>;

constexpr std::array names{
    Entry{MediaType::oci_manifest, "application/vnd.oci.image.manifest.v1+json"},
    Entry{MediaType::oci_index, "application/vnd.oci.image.index.v1+json"},
    Entry{MediaType::oci_config, "application/vnd.oci.image.config.v1+json"},
    Entry{MediaType::oci_layer, "application/vnd.oci.image.layer.v1.tar"},
    Entry{MediaType::oci_layer_gzip, "application/vnd.oci.image.layer.v1.tar+gzip"},
    Entry{MediaType::oci_layer_zstd, "application/vnd.oci.image.layer.v1.tar+zstd"},
    Entry{MediaType::docker_manifest, "application/vnd.docker.distribution.manifest.v2+json"},
    Entry{MediaType::docker_list, "application/vnd.docker.distribution.manifest.list.v2+json"},
    Entry{MediaType::docker_config, "application/vnd.docker.container.image.v1+json"},
    Entry{MediaType::docker_layer, "application/vnd.docker.image.rootfs.diff.tar"},
    Entry{MediaType::docker_layer_gzip, "application/vnd.docker.image.rootfs.diff.tar.gzip"},
    Entry{MediaType::docker_foreign_layer_gzip, "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"},
    Entry{MediaType::oci_foreign_layer_gzip, "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip"},
};

} // namespace

std::string_view media_type_name(MediaType type)
{
    for (const auto &[known, name] : names)
        if (known == type)
            return name;
    return {};
}

MediaType parse_media_type(std::string_view name)
{
    for (const auto &[type, known] : names)
        if (known == name)
            return type;
    return MediaType::other;
}

} // namespace mica::oci
