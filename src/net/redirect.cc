#include "net/redirect.hh"

namespace mica::net {

bool is_redirect(int status) noexcept
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

std::optional<Request> redirected(const Request &request, int status, const Headers &headers)
{
    const auto location = headers.find("Location");
    if (!is_redirect(status) || !location || location->empty())
        return std::nullopt;
    Request next = request;
    next.url = request.url.resolve(*location);
    if (!next.url.same_origin(request.url)) {
        next.headers.remove("Authorization");
        next.headers.remove("Cookie");
        next.tls.reset();
    }
    return next;
}

} // namespace mica::net
