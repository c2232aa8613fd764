#include "auth/objects/azure.hh"

#include "auth/base64.hh"
#include "auth/cloud_tokens.hh"
#include "auth/percent.hh"
#include "base/error.hh"
#include "base/text.hh"
#include "io/hmac.hh"
#include "net/http_date.hh"
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <vector>

namespace mica::auth {

namespace {

constexpr std::array domains{".blob.core.windows.net", ".blob.core.chinacloudapi.cn",
                             ".blob.core.cloudapi.de", ".blob.core.usgovcloudapi.net"};
constexpr auto key_variable = "AZURE_STORAGE_ACCESS_KEY";
constexpr auto version = "2021-12-02";
constexpr auto resource = "https://storage.azure.com/";

std::string account_of(const net::Url &address)
{
    return address.host().substr(0, address.host().find('.'));
}

/// The headers of Azure's own, by name, a line each.
std::string canonical_headers(const net::Headers &headers)
{
    std::map<std::string, std::string> own;
    for (const auto &[name, value] : headers)
        if (const auto lower = to_lower(name); lower.starts_with("x-ms-"))
            own[lower] = trim(value);
    std::string text;
    for (const auto &[name, value] : own)
        text += fmt::format("{}:{}\n", name, value);
    return text;
}

/// Account and path as sent, then the query's decoded fields by name, a line each.
std::string canonical_resource(const net::Url &url, std::string_view account)
{
    auto text = fmt::format("/{}{}", account, url.path());
    std::map<std::string, std::vector<std::string>> fields;
    for (const auto field : split(url.query(), '&')) {
        if (field.empty())
            continue;
        const auto equals = std::min(field.find('='), field.size());
        const auto value = field.substr(std::min(equals + 1, field.size()));
        fields[to_lower(field.substr(0, equals))].push_back(percent_decode(value));
    }
    for (auto &[name, values] : fields) {
        std::ranges::sort(values);
        text += fmt::format("\n{}:{}", name, join(values, ","));
    }
    return text;
}

bool has_signature(const net::Url &url)
{
    const auto fields = split(url.query(), '&');
    return std::ranges::any_of(fields, [](std::string_view field) { return field.starts_with("sig="); });
}

} // namespace

bool is_azure_storage(std::string_view host)
{
    return std::ranges::any_of(domains, [&](std::string_view domain) {
        return host.size() > domain.size() && host.ends_with(domain);
    });
}

std::string shared_key_authorization(const net::Request &request, std::string_view account,
                                     std::string_view key)
{
    const auto secret = base64_decode(key);
    if (!secret || secret->empty())
        throw Error{ErrorKind::usage, fmt::format("the key in {} is not base64", key_variable)};
    // Twelve lines for the verb and headers that a request without a body does not have.
    const auto text =
        fmt::format("{}\n{}{}{}", net::method_name(request.method), std::string(11, '\n'),
                    canonical_headers(request.headers), canonical_resource(request.url, account));
    const auto signature = hmac_sha256(as_bytes(*secret), text);
    return fmt::format("SharedKey {}:{}", account,
                       base64_encode({reinterpret_cast<const char *>(signature.data()), signature.size()}));
}

net::Request azure_blob(net::Client &network, const Variables &variables, const Clock &clock,
                        const net::Url &address, const std::stop_token &stop)
{
    net::Request request{.url = address, .max_redirects = 0};
    request.headers.set("x-ms-version", version);
    request.headers.set("x-ms-date", net::format_http_date(clock.now()));
    if (const auto key = variables.get(key_variable))
        request.headers.set("Authorization", shared_key_authorization(request, account_of(address), *key));
    else if (!has_signature(address))
        if (const auto token = azure_token(network, variables, resource, stop))
            request.headers.set("Authorization", "Bearer " + token->text);
    return request;
}

} // namespace mica::auth
