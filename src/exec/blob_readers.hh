#pragma once
/// @file
/// Blob readers that the executor composes.
#include "oci/blob_store.hh"
#include "oci/layout.hh"
#include <memory>

namespace mica::exec {

/// Reads from the state's store what is there, everything else from where it came.
/// Keeps the origin's repository, so that a push can still mount from it.
class LocalFirst final : public oci::BlobReader {
public:
    LocalFirst(std::shared_ptr<oci::Layout> store, std::shared_ptr<const oci::BlobReader> origin)
        : store_{std::move(store)}, origin_{std::move(origin)}
    {
    }
    [[nodiscard]] std::unique_ptr<Source> open(const oci::Descriptor &blob,
                                               const std::stop_token &stop) const override;
    [[nodiscard]] std::optional<oci::Reference> repository() const override { return origin_->repository(); }

private:
    std::shared_ptr<oci::Layout> store_;
    std::shared_ptr<const oci::BlobReader> origin_;
};

/// Reads through; at the end the bytes must hash to the diff_id that the image's
/// config names, else Error (integrity).
class DiffIdSource final : public Source {
public:
    DiffIdSource(std::unique_ptr<Source> tar, const Digest &diff_id);
    ~DiffIdSource() override;
    [[nodiscard]] std::size_t read(std::span<std::byte> into) override;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace mica::exec
