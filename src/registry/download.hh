#pragma once
/// @file
/// The bytes of a blob, across broken connections.
#include "io/stream.hh"
#include "registry/session.hh"
#include <memory>
#include <optional>
#include <stop_token>

namespace mica::registry {

/// Asks for the blob; returns when the registry has begun to send it. When the connection breaks,
/// the source asks for the rest by a Range request, as long as each attempt brings some bytes.
/// It always asks the registry, never the place it redirected to, whose signed address may have ended.
/// The bytes are not verified yet. Throws Error (not_found), Refused, net::Failure.
[[nodiscard]] std::unique_ptr<Source> download(Session &session, const oci::Reference &image,
                                               const oci::Descriptor &blob, const std::stop_token &stop);

} // namespace mica::registry
