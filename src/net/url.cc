#include "net/url.hh"

#include "base/error.hh"
#include "base/handle.hh"
#include "base/text.hh"
#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <cstring>
#include <curl/curl.h>
#include <fmt/format.h>
#include <optional>

namespace mica::net {

namespace {

using UrlHandle = Handle<CURLU, curl_url_cleanup>;

constexpr std::size_t longest_url = 16 * 1024;
constexpr unsigned parse_flags = CURLU_NON_SUPPORT_SCHEME;

std::string part(CURLU *handle, CURLUPart what, unsigned flags = 0)
{
    char *text = nullptr;
    const auto result = curl_url_get(handle, what, &text, flags);
    const Handle<char, curl_free> owner{text};
    return result == CURLUE_OK && text != nullptr ? std::string{text} : std::string{};
}

UrlHandle new_handle()
{
    UrlHandle handle{curl_url()};
    if (!handle)
        throw Error{ErrorKind::internal, "out of memory for a URL"};
    return handle;
}

/// What may stand in a message when the text could not even be parsed.
std::string shown(std::string_view text)
{
    text = text.substr(0, text.find_first_of("?#"));
    if (const auto scheme = text.find("://"); scheme != std::string_view::npos) {
        const auto authority_end = text.find('/', scheme + 3);
        const auto at = text.substr(0, authority_end).rfind('@');
        if (at != std::string_view::npos)
            return fmt::format("{}***{}", text.substr(0, scheme + 3), text.substr(at));
    }
    return std::string{text.substr(0, 200)};
}

std::optional<std::array<std::uint8_t, 4>> ipv4(std::string_view host)
{
    std::array<std::uint8_t, 4> bytes{};
    if (inet_pton(AF_INET, std::string{host}.c_str(), bytes.data()) != 1)
        return std::nullopt;
    return bytes;
}

std::optional<std::array<std::uint8_t, 16>> ipv6(std::string_view host)
{
    std::array<std::uint8_t, 16> bytes{};
    const auto zone = host.find('%');
    if (inet_pton(AF_INET6, std::string{host.substr(0, zone)}.c_str(), bytes.data()) != 1)
        return std::nullopt;
    return bytes;
}

/// ::ffff:a.b.c.d is the IPv4 address to the kernel too.
std::optional<std::array<std::uint8_t, 4>> mapped_ipv4(const std::array<std::uint8_t, 16> &bytes)
{
    constexpr std::array<std::uint8_t, 12> prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    if (std::memcmp(bytes.data(), prefix.data(), prefix.size()) != 0)
        return std::nullopt;
    return std::array{bytes[12], bytes[13], bytes[14], bytes[15]};
}

bool is_private(const std::array<std::uint8_t, 4> &ip)
{
    return ip[0] == 0 || ip[0] == 10 || ip[0] == 127 || (ip[0] == 100 && (ip[1] & 0xc0) == 64) ||
           (ip[0] == 169 && ip[1] == 254) || (ip[0] == 172 && (ip[1] & 0xf0) == 16) ||
           (ip[0] == 192 && ip[1] == 168);
}

constexpr std::array<std::uint8_t, 16> ipv6_loopback{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

} // namespace

Url Url::from_handle(void *raw)
{
    auto *handle = static_cast<CURLU *>(raw);
    // A fragment is for readers of the answer, never part of a request.
    curl_url_set(handle, CURLUPART_FRAGMENT, nullptr, 0);
    Url url;
    url.text_ = part(handle, CURLUPART_URL);
    url.scheme_ = to_lower(part(handle, CURLUPART_SCHEME));
    url.host_ = to_lower(part(handle, CURLUPART_HOST));
    if (url.host_.starts_with('[') && url.host_.ends_with(']'))
        url.host_ = url.host_.substr(1, url.host_.size() - 2);
    url.path_ = part(handle, CURLUPART_PATH);
    url.query_ = part(handle, CURLUPART_QUERY);
    url.user_ = part(handle, CURLUPART_USER, CURLU_URLDECODE);
    url.password_ = part(handle, CURLUPART_PASSWORD, CURLU_URLDECODE);
    const auto port = part(handle, CURLUPART_PORT, CURLU_DEFAULT_PORT);
    std::from_chars(port.data(), port.data() + port.size(), url.port_);
    if ((url.scheme_ != "http" && url.scheme_ != "https") || url.host_.empty() || url.port_ == 0)
        throw Error{ErrorKind::usage, fmt::format("\"{}\" is no http or https address", shown(url.text_))};
    return url;
}

Url Url::parse(std::string_view text)
{
    if (text.size() > longest_url)
        throw Error{ErrorKind::usage, fmt::format("an address of {} bytes is too long", text.size())};
    const auto handle = new_handle();
    const std::string copy{text};
    if (copy.find('\0') != std::string::npos ||
        curl_url_set(handle.get(), CURLUPART_URL, copy.c_str(), parse_flags) != CURLUE_OK)
        throw Error{ErrorKind::usage, fmt::format("\"{}\" is no http or https address", shown(text))};
    return from_handle(handle.get());
}

Url Url::resolve(std::string_view reference) const
try {
    if (reference.size() > longest_url || reference.find('\0') != std::string_view::npos)
        throw Error{ErrorKind::integrity, "the address in the answer is too long or malformed"};
    const auto handle = new_handle();
    const std::string copy{reference};
    if (curl_url_set(handle.get(), CURLUPART_URL, text_.c_str(), parse_flags) != CURLUE_OK ||
        curl_url_set(handle.get(), CURLUPART_URL, copy.c_str(), parse_flags | CURLU_ALLOW_SPACE) != CURLUE_OK)
        throw Error{ErrorKind::integrity,
                    fmt::format("the answer names the address \"{}\", which is none", shown(reference))};
    return from_handle(handle.get());
} catch (const Error &error) {
    throw Error{ErrorKind::integrity, error.message()};
}

Url Url::with_query(std::string_view name, std::string_view value) const
{
    // By hand, since curl_url_set() re-writes the escapes of the query that is there, and a
    // signed one must stay as it is.
    return parse(fmt::format("{}{}{}={}", text_, text_.find('?') == std::string::npos ? '?' : '&',
                             percent_encode(name), percent_encode(value)));
}

std::string Url::host_and_port() const
{
    return host_.find(':') == std::string::npos ? fmt::format("{}:{}", host_, port_)
                                                : fmt::format("[{}]:{}", host_, port_);
}

std::string Url::authority() const
{
    if (port_ != (is_https() ? 443 : 80))
        return host_and_port();
    return host_.find(':') == std::string::npos ? host_ : fmt::format("[{}]", host_);
}

std::string Url::display() const
{
    return fmt::format("{}://{}{}", scheme_, authority(), path_);
}

bool Url::same_origin(const Url &other) const noexcept
{
    return scheme_ == other.scheme_ && host_ == other.host_ && port_ == other.port_;
}

bool is_loopback(std::string_view host)
{
    const auto name = to_lower(host);
    if (name == "localhost" || name.ends_with(".localhost"))
        return true;
    if (const auto four = ipv4(name))
        return four->front() == 127;
    const auto six = ipv6(name);
    if (!six)
        return false;
    const auto four = mapped_ipv4(*six);
    return *six == ipv6_loopback || (four && four->front() == 127);
}

bool is_private_address(std::string_view host)
{
    if (const auto four = ipv4(host))
        return is_private(*four);
    const auto six = ipv6(host);
    if (!six)
        return false;
    if (const auto four = mapped_ipv4(*six))
        return is_private(*four);
    const bool unspecified = *six == std::array<std::uint8_t, 16>{};
    const bool link_local = (*six)[0] == 0xfe && ((*six)[1] & 0xc0) == 0x80;
    const bool unique_local = ((*six)[0] & 0xfe) == 0xfc;
    return unspecified || *six == ipv6_loopback || link_local || unique_local;
}

std::string percent_encode(std::string_view text)
{
    constexpr std::string_view unreserved =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    std::string out;
    for (const char c : text) {
        if (unreserved.find(c) != std::string_view::npos)
            out += c;
        else
            out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

} // namespace mica::net
