#pragma once
/// @file
/// Files over HTTP(S).
#include "base/clock.hh"
#include "base/digest.hh"
#include "context/fetch_access.hh"
#include "context/remote_source.hh"
#include "io/content.hh"
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>

namespace mica::context {

struct Download {
    ContentPtr content; ///< on disk, unlinked; readable as long as this lives
    std::uint64_t size = 0;
    Digest digest;
    std::optional<Time> last_modified; ///< as the server says it
};

/// Bytes so far, and how many there will be (0: unknown).
using DownloadProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// Follows redirects and proxies, tries again what may pass, and streams to disk: memory does not
/// depend on the size. Throws Error (integrity) where the bytes are not those of `source.checksum`,
/// (not_found, denied, network) with the status of a server that refuses, Cancelled.
[[nodiscard]] Download download(const HttpSource &source, const FetchAccess &access,
                                const DownloadProgress &progress, const std::stop_token &stop);

} // namespace mica::context
