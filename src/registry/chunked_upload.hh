#pragma once
/// @file
/// An upload in ordered pieces (distribution-spec, "pushing a blob in chunks").
#include "registry/upload.hh"
#include "registry/upload_exchange.hh"
#include <cstdint>
#include <optional>
#include <string_view>

namespace mica::registry {

/// Sends the blob in pieces of `chunk_size`; the last one goes in the closing request, since some
/// registries fail at an empty one. A piece is tried again by itself; when the registry has lost
/// track of the session, Refused is thrown and a new session must be begun.
void send_in_chunks(UploadExchange &exchange, const UploadSession &opened, std::uint64_t chunk_size,
                    const UploadJob &job);

/// Where the registry wants to go on, as an answer of status 416 tells: by Range ("0-99"
/// means 100), or in ECR's words ("First byte of the layer part is 0 instead of 100").
[[nodiscard]] std::optional<std::uint64_t> wanted_offset(const net::Headers &headers, std::string_view text);

} // namespace mica::registry
