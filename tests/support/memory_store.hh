#pragma once
/// @file
/// A blob store in memory, with faults on demand.
#include "base/error.hh"
#include "io/hash.hh"
#include "oci/blob_store.hh"
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace mica::test {

/// Blobs by digest. May be used from any thread.
class MemoryStore final : public oci::BlobStore {
public:
    [[nodiscard]] std::unique_ptr<Source> open(const oci::Descriptor &blob,
                                               const std::stop_token &) const override
    {
        return std::make_unique<VerifyingSource>(std::make_unique<StringSource>(bytes(blob.digest)),
                                                 blob.digest, blob.size);
    }
    [[nodiscard]] bool contains(const Digest &digest) const override
    {
        const std::scoped_lock lock{mutex_};
        return blobs_.contains(digest);
    }
    [[nodiscard]] std::unique_ptr<oci::BlobWriter> create() override
    {
        return std::make_unique<Writer>(*this);
    }

    /// For the test: the bytes of a blob; throws Error (not_found).
    [[nodiscard]] std::string bytes(const Digest &digest) const
    {
        const std::scoped_lock lock{mutex_};
        const auto found = blobs_.find(digest);
        if (found == blobs_.end())
            throw Error{ErrorKind::not_found, "no blob " + digest.str()};
        return found->second;
    }
    Digest put(std::string bytes)
    {
        const Digest digest = sha256(bytes);
        const std::scoped_lock lock{mutex_};
        blobs_.insert_or_assign(digest, std::move(bytes));
        return digest;
    }
    [[nodiscard]] std::size_t count() const
    {
        const std::scoped_lock lock{mutex_};
        return blobs_.size();
    }
    /// A writer fails once it was given more bytes than these.
    void fail_after(std::uint64_t bytes) { limit_ = bytes; }

private:
    class Writer final : public oci::BlobWriter {
    public:
        explicit Writer(MemoryStore &store) : store_{store} {}
        void write(BytesView data) override
        {
            bytes_.append(reinterpret_cast<const char *>(data.data()), data.size());
            if (store_.limit_ && bytes_.size() > *store_.limit_)
                throw Error{ErrorKind::io, "the store is full"};
        }
        void finish() override { finished_ = true; }
        [[nodiscard]] oci::StoredBlob commit() override
        {
            if (!finished_)
                throw Error{ErrorKind::internal, "commit() before finish()"};
            const std::uint64_t size = bytes_.size();
            return {store_.put(std::move(bytes_)), size};
        }

    private:
        MemoryStore &store_;
        std::string bytes_;
        bool finished_ = false;
    };

    mutable std::mutex mutex_;
    std::map<Digest, std::string> blobs_;
    std::optional<std::uint64_t> limit_;
};

} // namespace mica::test
