#pragma once
/// @file
/// The requests of an upload session.
#include "oci/blob_store.hh"
#include "registry/session.hh"
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
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
    [[nodiscard]] struct Piece piece() const;
};

/// A piece of a blob from wherever; it may be opened more than once.
struct Piece {
    std::uint64_t offset = 0;
    net::StreamBody body;
};

/// "Range: 0-99" and "bytes=0-99": one past the last byte that is there.
[[nodiscard]] std::optional<std::uint64_t> end_of_range(const net::Headers &headers);

/// What an accepted POST to the uploads of a repository began.
[[nodiscard]] UploadSession begun_session(const Endpoint &endpoint, const Answer &answer);

class UploadExchange {
public:
    /// `what` is uploaded, for people: "blob sha256:…".
    UploadExchange(Session &session, const Subject &subject, std::string what, const std::stop_token &stop)
        : session_{session}, subject_{subject}, what_{std::move(what)}, stop_{stop}
    {
    }

    /// Throws Refused, net::Failure.
    [[nodiscard]] UploadSession open();
    /// The closing request with all bytes, read while they are sent. Throws Refused, net::Failure.
    void put_whole(const net::Url &location, const oci::Descriptor &blob, const oci::BlobReader &blobs);
    /// Any answer.
    [[nodiscard]] Answer patch(const net::Url &location, const Piece &piece);
    /// Any answer. A piece without bytes closes what has been sent.
    [[nodiscard]] Answer put_last(const net::Url &location, const Piece &piece, const Digest &digest);
    /// Where the upload goes on after this answer, if it says so.
    void follow(const Answer &answer, net::Url &location) const;
    /// The registry need not keep what was sent. One that does not want to hear of it forgets the session by
    /// itself, so no answer is an error. Throws Cancelled.
    void give_up(const net::Url &location);
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
    const std::string what_;
    const std::stop_token &stop_;
};

} // namespace mica::registry
