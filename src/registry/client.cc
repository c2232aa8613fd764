#include "registry/client.hh"

#include "base/guarded.hh"
#include "io/hash.hh"
#include "net/client.hh"
#include "registry/download.hh"
#include "registry/gate.hh"
#include "registry/growing_upload.hh"
#include "registry/keyed_lock.hh"
#include "registry/manifests.hh"
#include "registry/mirrors.hh"
#include "registry/pacer.hh"
#include "registry/preflight.hh"
#include "registry/referrers.hh"
#include "registry/session.hh"
#include "registry/upload.hh"
#include <map>
#include <set>

namespace mica::registry {

namespace {

/// ECR takes ten manifests a second; a tag is one.
constexpr std::chrono::milliseconds between_manifests{110};

class HttpClient final : public Registry {
public:
    HttpClient(Options options, auth::CredentialProvider &credentials)
        : own_network_{std::make_unique<net::Client>(net::Options{.user_agent = options.user_agent})},
          session_{*own_network_, credentials, Settings{.options = std::move(options)}},
          uploading_{session_.settings().parallel_uploads}
    {
    }
    HttpClient(Settings settings, auth::CredentialProvider &credentials, net::Client &network)
        : session_{network, credentials, std::move(settings)},
          uploading_{session_.settings().parallel_uploads}
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
        const auto placement = [&] {
            const auto pass = uploading_.enter(stop);
            return upload(session_, job, stop);
        }();
        note_placed(image, blob.digest);
        return placement;
    }

    std::optional<BlobPlacement> put_growing_blob(const oci::Reference &image,
                                                  std::shared_ptr<const oci::GrowingBlob> blob,
                                                  const std::stop_token &stop) override
    {
        const auto endpoint = session_.endpoint(image.registry());
        const Subject subject{endpoint, image, Scopes::push(image.repository())};
        const auto placement = upload_growing(session_, subject, blob, uploading_, stop);
        if (placement)
            note_placed(image, blob->whole().value().digest);
        return placement;
    }

    void put_manifest(const oci::Reference &image, const RawManifest &manifest,
                      const std::stop_token &stop) override
    {
        if (session_.endpoint(image.registry()).is_ecr)
            manifests_.wait(image.registry(), between_manifests, stop);
        registry::put_manifest(session_, image, manifest, stop);
    }

    void check_push(const oci::Reference &image, const std::stop_token &stop) override
    {
        const auto &create = session_.settings().create_repository;
        try {
            return registry::check_push(session_, image, stop);
        } catch (const Error &error) {
            // Amazon may close the connection instead of saying that there is no such repository.
            const bool missing = error.kind() == ErrorKind::not_found || error.kind() == ErrorKind::network;
            if (!create || !missing || !session_.endpoint(image.registry()).is_ecr)
                throw;
        }
        create(image, stop);
        registry::check_push(session_, image, stop);
    }

    void check_login(const oci::Reference &image, const std::stop_token &stop) override
    {
        registry::check_login(session_, image, stop);
    }

    [[nodiscard]] std::optional<std::vector<std::string>> tags(const oci::Reference &image,
                                                               const std::stop_token &stop) override
    {
        return list_tags(session_, image, stop);
    }

    [[nodiscard]] std::vector<oci::Descriptor> referrers(const oci::Reference &image,
                                                         const std::stop_token &stop) override
    {
        return list_referrers(session_, image, stop);
    }

private:
    /// The repositories of a registry that this process knows to have a blob.
    using Placed = std::map<std::pair<std::string, Digest>, std::set<std::string>>;

    void note_placed(const oci::Reference &image, const Digest &digest)
    {
        placed_.with([&](Placed &placed) { placed[{image.registry(), digest}].insert(image.repository()); });
    }

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
    Gate uploading_;
    Pacer manifests_;
};

} // namespace

std::unique_ptr<Client> make_client(Options options, auth::CredentialProvider &credentials)
{
    return std::make_unique<HttpClient>(std::move(options), credentials);
}

std::unique_ptr<Client> make_client(Options options, auth::CredentialProvider &credentials,
                                    net::Client &network)
{
    return make_registry(Settings{.options = std::move(options)}, credentials, network);
}

std::unique_ptr<Registry> make_registry(Settings settings, auth::CredentialProvider &credentials,
                                        net::Client &network)
{
    const auto for_mirrors = settings;
    return with_mirrors(std::make_unique<HttpClient>(std::move(settings), credentials, network), for_mirrors);
}

} // namespace mica::registry
