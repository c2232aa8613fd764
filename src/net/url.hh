#pragma once
/// @file
/// Absolute http and https addresses (RFC 3986), parsed by libcurl so that what is
/// checked is what is connected to.
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace mica::net {

/// Always valid: http or https, a host, no fragment.
class Url {
public:
    /// Throws Error (usage) that names the address without its secrets.
    [[nodiscard]] static Url parse(std::string_view text);

    /// What a reference in an answer from this address means: an absolute address,
    /// "//host/path", "/path", "path" or "?query". Throws Error (integrity).
    [[nodiscard]] Url resolve(std::string_view reference) const;
    /// With `name=value` added behind the query that is there; the value gets percent-encoded.
    [[nodiscard]] Url with_query(std::string_view name, std::string_view value) const;

    /// Complete, as it is requested. May have secrets: not for messages.
    [[nodiscard]] const std::string &str() const noexcept { return text_; }
    /// For messages: no user, no password, no query.
    [[nodiscard]] std::string display() const;

    [[nodiscard]] bool is_https() const noexcept { return scheme_ == "https"; }
    [[nodiscard]] const std::string &scheme() const noexcept { return scheme_; }
    /// Lower case; an IPv6 address without its brackets.
    [[nodiscard]] const std::string &host() const noexcept { return host_; }
    /// The scheme's own where none is given.
    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    /// "host:port", for messages.
    [[nodiscard]] std::string host_and_port() const;
    /// As the Host header has it: the port where it is not the scheme's own.
    [[nodiscard]] std::string authority() const;
    [[nodiscard]] const std::string &path() const noexcept { return path_; }
    /// Without the question mark; empty where there is none.
    [[nodiscard]] const std::string &query() const noexcept { return query_; }
    /// Decoded; empty where there is none.
    [[nodiscard]] const std::string &user() const noexcept { return user_; }
    [[nodiscard]] const std::string &password() const noexcept { return password_; }

    /// Same scheme, host and port: what may see the same credentials.
    [[nodiscard]] bool same_origin(const Url &other) const noexcept;
    bool operator==(const Url &other) const noexcept { return text_ == other.text_; }

private:
    Url() = default;
    static Url from_handle(void *handle);

    std::string text_, scheme_, host_, path_, query_, user_, password_;
    std::uint16_t port_ = 0;
};

/// Whether the host is this machine: localhost, *.localhost, 127.0.0.0/8, ::1.
[[nodiscard]] bool is_loopback(std::string_view host);
/// Whether the host is an address literal (not a name) that only means something in a
/// local network: private, link-local, loopback or unspecified.
[[nodiscard]] bool is_private_address(std::string_view host);

/// Percent-encodes everything but RFC 3986's unreserved characters.
[[nodiscard]] std::string percent_encode(std::string_view text);

} // namespace mica::net
