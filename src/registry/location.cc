#include "registry/location.hh"

#include "base/error.hh"
#include <fmt/format.h>

namespace mica::registry {

namespace {

net::Url with_tls(const net::Url &url, const net::Url &base)
{
    return base.resolve(url.query().empty() ? url.path() : url.path() + "?" + url.query());
}

} // namespace

net::Url upload_location(const Endpoint &endpoint, const net::Url &from, const net::Headers &headers)
{
    const auto text = headers.find("Location");
    if (!text || text->empty())
        throw Error{ErrorKind::integrity,
                    fmt::format("{} accepted an upload but did not say where to send it (no Location)",
                                endpoint.registry)};
    auto location = from.resolve(*text);
    const auto &base = endpoint.base;
    if (base.is_https() && !location.is_https()) {
        if (location.host() != base.host())
            throw Error{ErrorKind::integrity, fmt::format("{} wants the upload at {}, which has no TLS",
                                                          endpoint.registry, location.display())};
        location = with_tls(location, base);
    }
    const bool local = net::is_private_address(base.host()) || net::is_loopback(base.host());
    if (!local && net::is_private_address(location.host()))
        throw Error{ErrorKind::integrity,
                    fmt::format("{} wants the upload at {}, an address inside the local network",
                                endpoint.registry, location.display())};
    return location;
}

} // namespace mica::registry
