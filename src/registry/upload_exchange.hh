#pragma once
/// @file
/// The requests of an upload session.
#include "oci/blob_store.hh"
#include "registry/session.hh"
#include <cstdint>
#include <memory>
#include <stop_token>
#include <vector>

namespace mica::registry {

/// Where the next bytes go, and how few the registry takes in one piece that is not the last.
struct UploadSession {
    net::Url location;
    std::uint64_t least_chunk = 0;
};

/// OCI-Chunk-Min-Length, bounded; zero: none.
[[nodiscard]] std::uint64_t least_chunk(const net::Headers &headers);

/// A piece of a blob in memory.
struct Chunk {
    std::uint64_t offset = 0;
    std::shared_ptr<const std::vector<std::byte>> bytes;

    [[nodiscard]] std::uint64_t end() const { return offset + bytes->size(); }
    /// What is left of it from a later offset on.
    [[nodiscard]] Chunk from(std::uint64_t later) const;
};

class UploadExchange {
public:
    UploadExchange(Session &session, const Subject &subject, const oci::Descriptor &blob,
                   const std::stop_token &stop)
        : session_{session}, subject_{subject}, blob_{blob}, stop_{stop}
    {
    }

    /// The closing request with all bytes, read while they are sent. Throws Refused, net::Failure.
    void put_whole(const net::Url &location, const oci::BlobReader &blobs);
    /// Any answer.
    [[nodiscard]] Answer patch(const net::Url &location, const Chunk &chunk);
    /// Any answer. A chunk without bytes closes what has been sent.
    [[nodiscard]] Answer put_last(const net::Url &location, const Chunk &chunk);
    /// Where the registry wants the upload to go on; any answer.
    [[nodiscard]] Answer ask_status(const net::Url &location);

    [[nodiscard]] static bool took_all(int status) noexcept
    {
        return status == 200 || status == 201 || status == 202 || status == 204;
    }
    [[nodiscard]] Refused refusal(const Answer &answer) const;
    [[nodiscard]] Session &session() const noexcept { return session_; }
    [[nodiscard]] const Subject &subject() const noexcept { return subject_; }
    [[nodiscard]] const std::stop_token &stop() const noexcept { return stop_; }

private:
    [[nodiscard]] Answer send(net::Request request);

    Session &session_;
    const Subject &subject_;
    const oci::Descriptor &blob_;
    const std::stop_token &stop_;
};

} // namespace mica::registry
