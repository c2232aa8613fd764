#pragma once
/// @file
/// The door to registries (OCI distribution-spec 1.1, Docker's token protocol).
#include "auth/credentials.hh"
#include "io/stream.hh"
#include "net/retry.hh"
#include "oci/blob_store.hh"
#include "oci/model.hh"
#include "oci/reference.hh"
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace mica::net {
class Client;
}

namespace mica::registry {

/// Bytes as served: the digest is over them.
struct RawManifest {
    oci::Descriptor descriptor;
    std::string bytes;
};

struct Options {
    /// host[:port] that are spoken to over plain HTTP (loopback addresses always may be).
    std::vector<std::string> insecure_registries{};
    std::string user_agent = "mica";
    net::RetryPolicy retry{};
    /// Bytes of one piece of an upload, for every registry: zero sends each blob in one piece.
    /// Unset: as is best for the registry.
    std::optional<std::uint64_t> upload_chunk_size{};
};

enum class BlobPlacement : std::uint8_t { present, mounted, uploaded };

/// All members may be called from any thread; each blocks its caller until done,
/// failed (Error: not_found, denied, network, integrity) or stopped (Cancelled).
class Client {
public:
    virtual ~Client() = default;

    /// By digest or tag, verified; nullopt: there is none of that name.
    [[nodiscard]] virtual std::optional<RawManifest> manifest(const oci::Reference &image,
                                                              const std::stop_token &stop) = 0;
    /// The bytes of a blob; size and digest are verified at the end of the source.
    [[nodiscard]] virtual std::unique_ptr<Source>
    blob(const oci::Reference &image, const oci::Descriptor &blob, const std::stop_token &stop) = 0;
    [[nodiscard]] virtual bool has_blob(const oci::Reference &image, const Digest &digest,
                                        const std::stop_token &stop) = 0;
    /// Makes the blob be in the image's repository by the cheapest way: it is there
    /// already, it is mounted from blobs.repository() if that is of the same registry,
    /// or it is read from `blobs` and uploaded.
    virtual BlobPlacement put_blob(const oci::Reference &image, const oci::Descriptor &blob,
                                   const oci::BlobReader &blobs, const std::stop_token &stop) = 0;
    /// Sends a blob while it is being made, if it is large and the registry takes pieces. Nullopt: it did
    /// not come to that, and put_blob() is to bring it. Nothing is tried twice here: what goes wrong is
    /// thrown as in put_blob(), which may then be called for the whole. Cancelled also when the blob is
    /// abandoned.
    virtual std::optional<BlobPlacement> put_growing_blob(const oci::Reference & /*image*/,
                                                          std::shared_ptr<const oci::GrowingBlob> /*blob*/,
                                                          const std::stop_token & /*stop*/)
    {
        return std::nullopt;
    }
    /// Under the reference's tag or digest.
    virtual void put_manifest(const oci::Reference &image, const RawManifest &manifest,
                              const std::stop_token &stop) = 0;
};

/// `credentials` must outlive the client.
[[nodiscard]] std::unique_ptr<Client> make_client(Options options, auth::CredentialProvider &credentials);

/// The same over a network client that others use too; it must outlive this one.
[[nodiscard]] std::unique_ptr<Client> make_client(Options options, auth::CredentialProvider &credentials,
                                                  net::Client &network);

/// The repository of `image` as a place to read blobs from; `client` must outlive it.
[[nodiscard]] std::shared_ptr<const oci::BlobReader> blob_reader(Client &client, const oci::Reference &image);

} // namespace mica::registry
