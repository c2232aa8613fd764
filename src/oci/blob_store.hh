#pragma once
/// @file
/// Content-addressed blobs: reading them from anywhere, keeping them here.
#include "io/stream.hh"
#include "oci/model.hh"
#include "oci/reference.hh"
#include <memory>
#include <optional>
#include <stop_token>

namespace mica::oci {

class GrowingBlob;

struct StoredBlob {
    Digest digest;
    std::uint64_t size = 0;
};

/// Where blobs can be read: a store on disk, an OCI layout, a repository of a
/// registry. All members may be called from any thread.
class BlobReader {
public:
    virtual ~BlobReader() = default;
    /// The source checks size and digest and throws Error (integrity) at the end if
    /// they differ. Throws Error (not_found) for a blob that is not there.
    [[nodiscard]] virtual std::unique_ptr<Source> open(const Descriptor &blob,
                                                       const std::stop_token &stop) const = 0;
    /// The repository from which a registry may mount its blobs, if it is one.
    [[nodiscard]] virtual std::optional<Reference> repository() const { return std::nullopt; }
};

/// A blob on its way in. commit() (after finish()) names it by its content;
/// dropping it uncommitted removes the temporary file.
class BlobWriter : public Sink {
public:
    /// What is written, for readers who do not wait for the end; null where the store cannot show it.
    [[nodiscard]] virtual std::shared_ptr<const GrowingBlob> growing() { return nullptr; }
    [[nodiscard]] virtual StoredBlob commit() = 0;
};

/// Implementations: an OCI layout on disk, memory (tests).
class BlobStore : public BlobReader {
public:
    [[nodiscard]] virtual bool contains(const Digest &digest) const = 0;
    [[nodiscard]] virtual std::unique_ptr<BlobWriter> create() = 0;
};

} // namespace mica::oci
