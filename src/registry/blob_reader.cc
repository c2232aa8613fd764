#include "registry/client.hh"

#include "base/error.hh"
#include <fmt/format.h>

namespace mica::registry {

namespace {

bool is_manifest(oci::MediaType type)
{
    return type == oci::MediaType::oci_manifest || type == oci::MediaType::oci_index ||
           type == oci::MediaType::docker_manifest || type == oci::MediaType::docker_list;
}

/// Manifests have a place of their own in registries; to a reader they are blobs like others.
class RepositoryReader final : public oci::BlobReader {
public:
    RepositoryReader(Client &client, oci::Reference image) : client_{client}, image_{std::move(image)} {}

    [[nodiscard]] std::unique_ptr<Source> open(const oci::Descriptor &blob,
                                               const std::stop_token &stop) const override
    {
        if (!is_manifest(blob.media_type))
            return client_.blob(image_, blob, stop);
        auto manifest = client_.manifest(image_.with_digest(blob.digest), stop);
        if (!manifest)
            throw Error{ErrorKind::not_found,
                        fmt::format("{} has no manifest {}", image_.name(), blob.digest.str())};
        return std::make_unique<StringSource>(std::move(manifest->bytes));
    }

    [[nodiscard]] std::optional<oci::Reference> repository() const override { return image_; }

private:
    Client &client_;
    oci::Reference image_;
};

} // namespace

std::shared_ptr<const oci::BlobReader> blob_reader(Client &client, const oci::Reference &image)
{
    return std::make_shared<RepositoryReader>(client, image);
}

} // namespace mica::registry
