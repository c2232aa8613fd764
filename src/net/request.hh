#pragma once
/// @file
/// What is asked over HTTP and what comes back.
#include "io/stream.hh"
#include "net/headers.hh"
#include "net/url.hh"
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace mica::net {

enum class Method : std::uint8_t { get, head, post, put, patch, remove };

/// "GET", …
[[nodiscard]] std::string_view method_name(Method method);

/// A body that is read while it is sent. `open` is called by the thread that waits for the
/// answer, and again when the body must be sent once more; each source starts at the first
/// byte.
struct StreamBody {
    std::function<std::unique_ptr<Source>()> open;
    std::uint64_t size = 0;
};

/// Nothing, bytes, or a stream.
using Body = std::variant<std::monostate, std::string, StreamBody>;

/// How a server proves who it is. The default is the client's own setting.
struct Tls {
    bool verify = true;
    std::string ca_pem; ///< certificates to trust instead of the system's; empty: the system's
    std::string client_certificate, client_key; ///< paths of PEM files; empty: none
};

struct Request {
    Method method = Method::get;
    Url url;
    Headers headers{};
    Body body{};
    /// How often a redirect is followed; for GET and HEAD alone. Zero: the redirect itself is
    /// the answer. Authorization and Cookie are dropped when scheme, host or port change.
    unsigned max_redirects = 10;
    /// From start to end; unset: no limit but the client's stall limits.
    std::optional<std::chrono::milliseconds> timeout{};
    /// Never through a proxy, whatever the environment says (metadata services).
    bool direct = false;
    /// Null: the client's.
    std::shared_ptr<const Tls> tls{};
};

/// An answer whose body is still to be read.
struct Stream {
    int status = 0;
    Headers headers;
    Url url; ///< where the answer came from, after redirects
    /// Back-pressured: what is not read is not fetched. Dropping it early ends the transfer.
    /// Throws net::Failure when the connection breaks and Cancelled when stopped.
    std::unique_ptr<Source> body;
};

/// An answer as a whole.
struct Response {
    int status = 0;
    Headers headers;
    Url url;
    std::string body;
    bool truncated = false; ///< the body was longer than the limit; its head is in `body`
};

} // namespace mica::net
