#pragma once
/// @file
/// Files over HTTP(S).
#include "base/clock.hh"
#include "base/digest.hh"
#include "context/fetch_access.hh"
#include "context/remote_source.hh"
#include "io/content.hh"
#include "net/request.hh"
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

namespace mica::context {

struct Download {
    ContentPtr content; ///< on disk, unlinked; readable as long as this lives
    std::uint64_t size = 0;
    Digest digest;
    std::optional<Time> last_modified; ///< as the server says it
};

/// Bytes so far, and how many there will be (0: unknown).
using DownloadProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// The requests of one download, and what is learnt from the answers that refuse them. Called by one thread.
class Requests {
public:
    virtual ~Requests() = default;
    /// What is sent next; it may be signed, and count for a while only. Throws Error, Cancelled.
    [[nodiscard]] virtual net::Request next() = 0;
    /// True: the next one may do better, at once.
    [[nodiscard]] virtual bool learn(int status, const net::Headers &headers) = 0;
    /// What the user can do where a server refuses who asks.
    [[nodiscard]] virtual std::string login_hint() const = 0;
};

/// Tries again what may pass, and streams to disk: memory does not depend on the size. Throws Error
/// (not_found, denied, network) with the status of a server that refuses, Cancelled.
[[nodiscard]] Download download(Requests &requests, const FetchAccess &access,
                                const DownloadProgress &progress, const std::stop_token &stop);

/// The same of an address. Follows redirects and proxies. Throws Error (integrity) where the bytes are not
/// those of `source.checksum`.
[[nodiscard]] Download download(const HttpSource &source, const FetchAccess &access,
                                const DownloadProgress &progress, const std::stop_token &stop);

} // namespace mica::context
