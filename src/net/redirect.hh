#pragma once
/// @file
/// Redirects as a pure function, so that what is sent where can be tested.
#include "net/request.hh"
#include <optional>

namespace mica::net {

/// Whether the status says "look elsewhere" (301, 302, 303, 307, 308).
[[nodiscard]] bool is_redirect(int status) noexcept;

/// The request that follows the redirect: same method and body at the new place, without
/// Authorization and Cookie where scheme, host or port differ. nullopt: the answer is no
/// redirect or has no Location. Throws Error (integrity) for a Location that is no http(s)
/// address. Only fit for GET, HEAD and, with 307 and 308, any method.
[[nodiscard]] std::optional<Request> redirected(const Request &request, int status, const Headers &headers);

} // namespace mica::net
