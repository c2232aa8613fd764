#pragma once
/// @file
/// A blob that can be read while it is being written.
#include "io/fd.hh"
#include "io/stream.hh"
#include "oci/blob_store.hh"
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>

namespace mica::oci {

/// What a blob's writer has put into its file so far. The bytes that are there never change; the
/// digest is known at the end only. One writer; readers on any threads, who may outlive it.
class GrowingBlob {
public:
    struct State {
        std::uint64_t size = 0;
        std::optional<StoredBlob> whole; ///< once nothing more comes
    };

    /// `file` is open for reading and is not moved in.
    explicit GrowingBlob(Fd file) noexcept : file_{std::move(file)} {}

    // The writer's side.
    /// The first `size` bytes are in the file.
    void grown_to(std::uint64_t size);
    void complete(const StoredBlob &blob);
    /// Nothing will come of it; without effect once it is complete.
    void abandon() noexcept;

    // The readers' side.
    /// Waits for more than `size` bytes, or for the end. Throws Cancelled, also when the blob is abandoned.
    [[nodiscard]] State wait_beyond(std::uint64_t size, const std::stop_token &stop) const;
    /// Nullopt: it is not complete (yet).
    [[nodiscard]] std::optional<StoredBlob> whole() const;

    /// Bytes that are there already, read from the file as they are asked for. Throws Error (io) at a read.
    [[nodiscard]] static std::unique_ptr<Source> part(std::shared_ptr<const GrowingBlob> blob,
                                                      std::uint64_t offset, std::uint64_t size);

private:
    const Fd file_;
    mutable std::mutex mutex_;
    mutable std::condition_variable_any changed_;
    State state_;
    bool abandoned_ = false;
};

} // namespace mica::oci
