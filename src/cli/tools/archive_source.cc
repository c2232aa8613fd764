#include "cli/tools/archive_source.hh"

#include "base/error.hh"
#include "base/thread_pool.hh"
#include "cli/temporary_place.hh"
#include "io/codec.hh"
#include "io/hash.hh"
#include "oci/json.hh"
#include "oci/layout.hh"
#include "verify/image_source.hh"
#include <algorithm>
#include <fmt/format.h>

namespace mica::cli {

namespace {

/// A colon may belong to the file's name, or begin the name of one image in it.
verify::Location location_of(const ArchivePlace &place)
{
    if (std::error_code error; std::filesystem::exists(place.path, error))
        return {verify::Location::Kind::archive, place.path, {}, display(place)};
    return verify::parse_location(display(place));
}

/// The blobs of an archive without a manifest: the configuration is in memory, what was packed is in a store.
class SavedBlobs final : public oci::BlobReader {
public:
    SavedBlobs(std::shared_ptr<const oci::BlobReader> archive, std::string config)
        : archive_{std::move(archive)}, config_{std::move(config)}, config_digest_{sha256(config_)}
    {
    }

    [[nodiscard]] oci::Descriptor config() const
    {
        return {
            .media_type = oci::MediaType::docker_config, .digest = config_digest_, .size = config_.size()};
    }
    /// Compresses a layer; what is said of it from now on.
    [[nodiscard]] oci::Descriptor pack(const oci::Descriptor &layer, const std::stop_token &stop)
    {
        if (!packed_)
            packed_ = oci::Layout::open_or_create(place_.emplace().path());
        const auto from = archive_->open(layer, stop);
        const auto writer = packed_->create();
        const auto gzip = compressor({}, *writer, pool_);
        copy_all(*from, *gzip, stop);
        gzip->finish();
        const auto stored = writer->commit();
        return {
            .media_type = oci::MediaType::docker_layer_gzip, .digest = stored.digest, .size = stored.size};
    }

    [[nodiscard]] std::unique_ptr<Source> open(const oci::Descriptor &blob,
                                               const std::stop_token &stop) const override
    {
        if (blob.digest == config_digest_)
            return std::make_unique<StringSource>(config_);
        if (packed_ && packed_->contains(blob.digest))
            return packed_->open(blob, stop);
        return archive_->open(blob, stop);
    }

private:
    std::shared_ptr<const oci::BlobReader> archive_;
    std::string config_;
    Digest config_digest_;
    ThreadPool pool_;
    std::optional<TemporaryPlace> place_;
    std::shared_ptr<oci::Layout> packed_;
};

/// zstd layers stand in OCI's manifests alone, and those name their layers by OCI's types.
void use_oci_types(oci::Manifest &manifest)
{
    using oci::MediaType;
    manifest.media_type = MediaType::oci_manifest;
    manifest.config.media_type = MediaType::oci_config;
    for (auto &layer : manifest.layers)
        if (layer.media_type != MediaType::oci_layer_zstd)
            layer.media_type = layer.media_type == MediaType::docker_layer ? MediaType::oci_layer
                                                                           : MediaType::oci_layer_gzip;
}

class ArchiveSource final : public ImageSource {
public:
    ArchiveSource(const ArchivePlace &place, Layers layers, registry::Registry &registry)
        : location_{location_of(place)}, layers_{layers}, registry_{registry}
    {
    }

    [[nodiscard]] registry::RawManifest top(const std::stop_token &stop) override
    {
        auto opened = verify::open_image(location_, registry_, std::nullopt, stop);
        blobs_ = opened.blobs;
        if (!opened.top_json.empty())
            return {opened.top, opened.top_json};
        return make_manifest(opened.variants.at(0), stop);
    }
    [[nodiscard]] registry::RawManifest manifest(const oci::Descriptor &descriptor,
                                                 const std::stop_token &stop) override
    {
        return {descriptor, read_all(*blobs_->open(descriptor, stop), oci::manifest_limit)};
    }
    [[nodiscard]] std::shared_ptr<const oci::BlobReader> blobs() override { return blobs_; }

private:
    registry::RawManifest make_manifest(const verify::Variant &saved, const std::stop_token &stop)
    {
        const auto saved_blobs = std::make_shared<SavedBlobs>(blobs_, saved.config_json);
        oci::Manifest manifest{
            .media_type = oci::MediaType::docker_manifest, .config = saved_blobs->config(), .layers = {}};
        for (const auto &placed : saved.image.layers) {
            const auto &layer = placed.layer.blob;
            const bool plain = layer.media_type == oci::MediaType::docker_layer;
            manifest.layers.push_back(plain && layers_ == Layers::packed ? saved_blobs->pack(layer, stop)
                                                                         : layer);
        }
        if (std::ranges::find(manifest.layers, oci::MediaType::oci_layer_zstd,
                              &oci::Descriptor::media_type) != manifest.layers.end())
            use_oci_types(manifest);
        blobs_ = saved_blobs;
        auto bytes = oci::to_json(manifest);
        return {{.media_type = manifest.media_type, .digest = sha256(bytes), .size = bytes.size()}, bytes};
    }

    const verify::Location location_;
    const Layers layers_;
    registry::Registry &registry_;
    std::shared_ptr<const oci::BlobReader> blobs_;
};

} // namespace

std::unique_ptr<ImageSource> archive_source(const ArchivePlace &place, Layers layers,
                                            registry::Registry &registry)
{
    return std::make_unique<ArchiveSource>(place, layers, registry);
}

} // namespace mica::cli
