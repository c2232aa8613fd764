#pragma once
/// @file
/// Where a registry is and what is special about it.
#include "net/url.hh"
#include "oci/reference.hh"
#include "registry/client.hh"
#include <cstdint>
#include <string>

namespace mica::registry {

/// How blobs are sent there. The specification leaves much open and registries differ; see
/// strategy_for().
struct UploadStrategy {
    /// Larger blobs go in ordered pieces of this size; zero: always in one.
    std::uint64_t chunk_size = 0;
    /// The size of the pieces when the registry refuses a blob in one; zero: it takes no pieces.
    std::uint64_t fallback_chunk = std::uint64_t{16} * 1024 * 1024;
    /// Whether the Range of an answer to a piece says how much was taken.
    bool range_is_true = true;
    /// Whether to ask the registry to mount blobs of other repositories.
    bool mounts = true;
};

struct Endpoint {
    std::string registry; ///< as in the image's name
    net::Url base;        ///< "https://registry-1.docker.io/"
    /// Whether it may turn out to have no TLS; `base` is then that with TLS. Session finds out.
    bool may_be_plain = false;
    bool is_ecr = false; ///< Amazon's: sends Basic unasked, answers 201 to pieces, …
    UploadStrategy upload;

    /// "/v2/REPOSITORY/TAIL" there.
    [[nodiscard]] net::Url url(const std::string &repository, const std::string &tail) const;
};

/// docker.io is at registry-1.docker.io. Loopback hosts are spoken to over plain HTTP, but for those
/// among `with_tls`. Others that `options` names may be plain; a name there goes before "*" in `with_tls`,
/// and a name in `with_tls` before "*" there. Throws Error (usage).
[[nodiscard]] Endpoint endpoint_for(const std::string &registry, const Options &options,
                                    const std::vector<std::string> &with_tls = {});

[[nodiscard]] UploadStrategy strategy_for(const std::string &host);

} // namespace mica::registry
