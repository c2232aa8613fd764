#pragma once
/// @file
/// HTTP over libcurl: one network thread owns the multi handle and all connections; callers
/// block on their own exchange and feed or read its body themselves, so a slow body never
/// holds up somebody else's.
#include "net/request.hh"
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace mica::net {

struct Options {
    std::string user_agent = "mica";
    std::chrono::milliseconds connect_timeout{30'000}; ///< TLS handshake included
    /// While a body is on its way, at least so many bytes have to move in so much time: a trickle would
    /// never end.
    std::chrono::milliseconds stall_timeout{60'000};
    std::int64_t least_movement = 1024;
    /// How long the server may think between the request's last byte and the answer's first.
    std::chrono::milliseconds response_timeout{300'000};
    /// PEM file of the certificates to trust; empty: $SSL_CERT_FILE, else where the
    /// distributions keep theirs. Read once, at construction.
    std::string ca_file{};
    /// Servers that prove who they are in another way: by "host:port", by "host", or "*" for all
    /// that are not named. Redirects are looked up by where they lead.
    std::map<std::string, std::shared_ptr<const Tls>> tls_by_host{};
    /// "host:port:address": answers in place of the name service (tests).
    std::vector<std::string> resolve{};
};

/// Proxies come from the environment (http_proxy, https_proxy, all_proxy, no_proxy). Cookies are
/// not kept, bodies are not decoded, connections are used again. All members may be called
/// from any thread; each blocks its caller until done, failed (net::Failure; what the body's
/// source throws) or stopped (Cancelled). A client must outlive the bodies that it gave.
class Client {
public:
    explicit Client(Options options = {});
    ~Client();
    Client(const Client &) = delete;
    Client &operator=(const Client &) = delete;

    /// Sends, and returns when the answer's headers are there.
    [[nodiscard]] Stream open(const Request &request, const std::stop_token &stop);
    /// Sends, and returns with the whole answer; a body past `limit` bytes is cut.
    [[nodiscard]] Response send(const Request &request, std::uint64_t limit, const std::stop_token &stop);

private:
    class State;
    std::unique_ptr<State> state_;
};

} // namespace mica::net
