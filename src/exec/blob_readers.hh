#pragma once
/// @file
/// A blob reader that the executor composes.
#include "oci/blob_store.hh"
#include "oci/layout.hh"
#include <memory>

namespace mica::exec {

/// Reads from the state's store what is there, everything else from where it came.
/// Keeps the origin's repository, so that a push can still mount from it.
class LocalFirst final : public oci::BlobReader {
public:
    LocalFirst(std::shared_ptr<const oci::Layout> store, std::shared_ptr<const oci::BlobReader> origin)
        : store_{std::move(store)}, origin_{std::move(origin)}
    {
    }
    [[nodiscard]] std::unique_ptr<Source> open(const oci::Descriptor &blob,
                                               const std::stop_token &stop) const override;
    [[nodiscard]] std::optional<oci::Reference> repository() const override { return origin_->repository(); }

private:
    std::shared_ptr<const oci::Layout> store_;
    std::shared_ptr<const oci::BlobReader> origin_;
};

} // namespace mica::exec
