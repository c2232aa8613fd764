#include "registry/client.hh"

#include "base/guarded.hh"
#include "io/hash.hh"
#include "net/client.hh"
#include "registry/download.hh"
#include "registry/keyed_lock.hh"
#include "registry/manifests.hh"
#include "registry/session.hh"
#include "registry/upload.hh"
#include <map>
#include <set>

namespace mica::registry {

namespace {

class HttpClient final : public Client {
public:
    HttpClient(Options options, auth::CredentialProvider &credentials)
        : own_network_{std::make_unique<net::Client>(net::Options{.user_agent = options.user_agent})},
          session_{*own_network_, credentials, std::move(options)}
    {
    }
    HttpClient(Options options, auth::CredentialProvider &credentials, net::Client &network)
        : session_{network, credentials, std::move(options)}
    {
    }

    [[nodiscard]] std::optional<RawManifest> manifest(const oci::Reference &image,
                                                      const std::stop_token &stop) override
    {
        return get_manifest(session_, image, stop);
    }

    [[nodiscard]] std::unique_ptr<Source> blob(const oci::Reference &image, const oci::Descriptor &blob,
                                               const std::stop_token &stop) override
    {
        return std::make_unique<VerifyingSource>(download(session_, image, blob, stop), blob.digest,
                                                 blob.size);
    }

    [[nodiscard]] bool has_blob(const oci::Reference &image, const Digest &digest,
                                const std::stop_token &stop) override
    {
        const auto endpoint = session_.endpoint(image.registry());
        return blob_is_there(session_, {endpoint, image, Scopes::pull(image.repository())}, digest, stop);
    }

    BlobPlacement put_blob(const oci::Reference &image, const oci::Descriptor &blob,
                           const oci::BlobReader &blobs, const std::stop_token &stop) override
    {
        const auto key = std::pair{image.name(), blob.digest};
        const auto hold = putting_.hold(key, stop);
        if (is_placed(image, blob.digest))
            return BlobPlacement::present;
        const auto endpoint = session_.endpoint(image.registry());
        const UploadJob job{endpoint, image, blob, blobs, mount_candidates(image, blob.digest, blobs)};
        const auto placement = upload(session_, job, stop);
        placed_.with(
            [&](Placed &placed) { placed[{image.registry(), blob.digest}].insert(image.repository()); });
        return placement;
    }

    void put_manifest(const oci::Reference &image, const RawManifest &manifest,
                      const std::stop_token &stop) override
    {
        registry::put_manifest(session_, image, manifest, stop);
    }

private:
    /// The repositories of a registry that this process knows to have a blob.
    using Placed = std::map<std::pair<std::string, Digest>, std::set<std::string>>;

    [[nodiscard]] bool is_placed(const oci::Reference &image, const Digest &digest)
    {
        return placed_.with([&](const Placed &placed) {
            const auto found = placed.find({image.registry(), digest});
            return found != placed.end() && found->second.contains(image.repository());
        });
    }

    [[nodiscard]] std::vector<std::string> mount_candidates(const oci::Reference &image, const Digest &digest,
                                                            const oci::BlobReader &blobs)
    {
        std::vector<std::string> candidates;
        const auto source = blobs.repository();
        if (source && source->registry() == image.registry() && source->repository() != image.repository())
            candidates.push_back(source->repository());
        placed_.with([&](const Placed &placed) {
            const auto found = placed.find({image.registry(), digest});
            if (found != placed.end() && candidates.empty())
                candidates.push_back(*found->second.begin());
        });
        return candidates;
    }

    std::unique_ptr<net::Client> own_network_;
    Session session_;
    Guarded<Placed> placed_;
    KeyedLock<std::pair<std::string, Digest>> putting_;
};

} // namespace

std::unique_ptr<Client> make_client(Options options, auth::CredentialProvider &credentials)
{
    return std::make_unique<HttpClient>(std::move(options), credentials);
}

std::unique_ptr<Client> make_client(Options options, auth::CredentialProvider &credentials,
                                    net::Client &network)
{
    return std::make_unique<HttpClient>(std::move(options), credentials, network);
}

} // namespace mica::registry
