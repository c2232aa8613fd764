#pragma once
/// @file
/// Where an upload goes on: the Location that the registry gave.
#include "net/headers.hh"
#include "net/url.hh"
#include "registry/endpoint.hh"
#include <string_view>

namespace mica::registry {

/// The Location of an answer from `from`: relative or absolute, never rebuilt. An http address of the
/// registry's own host is one behind a proxy that ends TLS, and is spoken to with TLS. Throws
/// Error (integrity) when there is none or it leads away from TLS or from a public registry into a
/// local network.
[[nodiscard]] net::Url upload_location(const Endpoint &endpoint, const net::Url &from,
                                       const net::Headers &headers);

} // namespace mica::registry
