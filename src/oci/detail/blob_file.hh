#pragma once
/// @file
/// Inside oci/ only: a blob on its way into a layout's directory.
#include "io/hash.hh"
#include "oci/blob_store.hh"
#include "oci/growing_blob.hh"
#include "oci/staged_file.hh"
#include <cstdint>
#include <filesystem>
#include <memory>

namespace mica::oci::detail {

class BlobFile final : public BlobWriter {
public:
    explicit BlobFile(std::filesystem::path directory);
    BlobFile(const BlobFile &) = delete;
    BlobFile &operator=(const BlobFile &) = delete;
    ~BlobFile() override;

    [[nodiscard]] std::shared_ptr<const GrowingBlob> growing() override;

    void write(BytesView data) override;
    void finish() override;
    [[nodiscard]] StoredBlob commit() override;

private:
    void begin_to_flush();

    enum class State : std::uint8_t { open, finished, committed };

    std::filesystem::path directory_;
    StagedFile file_;
    Sha256 hash_;
    std::uint64_t size_ = 0, flushing_ = 0; ///< the latter: on their way to the disk
    State state_ = State::open;
    std::shared_ptr<GrowingBlob> growing_; ///< null: nobody asked
};

} // namespace mica::oci::detail
