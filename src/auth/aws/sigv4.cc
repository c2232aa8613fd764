#include "auth/aws/sigv4.hh"

#include "auth/percent.hh"
#include "base/error.hh"
#include "base/text.hh"
#include "io/hash.hh"
#include "io/hmac.hh"
#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <vector>

namespace mica::auth::aws {

namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";

std::string canonical_path(const Signable &request)
{
    if (request.path_as_sent)
        return std::string{request.path};
    std::vector<std::string> segments;
    for (const auto segment : split(request.path, '/'))
        segments.push_back(net::percent_encode(segment));
    return join(segments, "/");
}

/// Sorted by name, then by value, in their encoded forms.
std::string canonical_query(std::string_view query)
{
    std::vector<std::string> fields;
    if (!query.empty())
        for (const auto field : split(query, '&')) {
            const auto equals = std::min(field.find('='), field.size());
            const auto value = field.substr(std::min(equals + 1, field.size()));
            // '=' sorts behind many characters of names, NUL before all of them.
            fields.push_back(net::percent_encode(percent_decode(field.substr(0, equals))) + '\0' +
                             net::percent_encode(percent_decode(value)));
        }
    std::ranges::sort(fields);
    auto text = join(fields, "&");
    std::ranges::replace(text, '\0', '=');
    return text;
}

/// Runs of blanks count as one.
std::string collapsed(std::string_view value)
{
    std::string out;
    for (const char c : trim(value))
        if (c != ' ' || out.empty() || out.back() != ' ')
            out += c;
    return out;
}

/// By lower-case name; the values of one name joined in order.
std::map<std::string, std::string> canonical_headers(const net::Headers &headers)
{
    std::map<std::string, std::string> found;
    for (const auto &[name, value] : headers) {
        const auto [entry, is_new] = found.try_emplace(to_lower(name));
        entry->second += (is_new ? "" : ",") + collapsed(value);
    }
    return found;
}

std::string signed_names(const std::map<std::string, std::string> &headers)
{
    std::string out;
    for (const auto &[name, value] : headers)
        out += (out.empty() ? "" : ";") + name;
    return out;
}

std::string hex(const Digest::Bytes &bytes)
{
    return Digest{bytes}.hex();
}

Digest::Bytes signing_key(const SigningKeys &keys, std::string_view date, const SigningScope &scope)
{
    const auto first = "AWS4" + keys.secret;
    const auto for_date = hmac_sha256(as_bytes(first), date);
    const auto for_region = hmac_sha256(for_date, scope.region);
    const auto for_service = hmac_sha256(for_region, scope.service);
    return hmac_sha256(for_service, "aws4_request");
}

} // namespace

std::string amz_date(Time time)
{
    std::string out;
    for (const char c : format_rfc3339(std::chrono::floor<std::chrono::seconds>(time)))
        if (c != '-' && c != ':')
            out += c;
    return out;
}

std::string canonical_request(const Signable &request)
{
    const auto headers = canonical_headers(request.headers);
    auto out =
        fmt::format("{}\n{}\n{}\n", request.method, canonical_path(request), canonical_query(request.query));
    for (const auto &[name, value] : headers)
        out += fmt::format("{}:{}\n", name, value);
    return out + fmt::format("\n{}\n{}", signed_names(headers), request.payload_sha256);
}

std::string authorization(const Signable &request, const SigningKeys &keys, const SigningScope &scope,
                          Time time)
{
    const auto moment = amz_date(time);
    const auto date = moment.substr(0, 8);
    const auto place = fmt::format("{}/{}/{}/aws4_request", date, scope.region, scope.service);
    const auto text =
        fmt::format("{}\n{}\n{}\n{}", algorithm, moment, place, sha256(canonical_request(request)).hex());
    const auto signature = hex(hmac_sha256(signing_key(keys, date, scope), text));
    return fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}", algorithm, keys.id, place,
                       signed_names(canonical_headers(request.headers)), signature);
}

void sign(net::Request &request, const SigningKeys &keys, const SigningScope &scope, Time time)
{
    if (std::holds_alternative<net::StreamBody>(request.body))
        throw Error{ErrorKind::internal, "a request whose body is a stream cannot be signed"};
    const auto *body = std::get_if<std::string>(&request.body);
    const auto payload = sha256(body != nullptr ? *body : std::string{}).hex();
    const bool is_s3 = scope.service == "s3";
    request.headers.set("X-Amz-Date", amz_date(time));
    if (!keys.session_token.empty())
        request.headers.set("X-Amz-Security-Token", keys.session_token);
    if (is_s3)
        request.headers.set("X-Amz-Content-Sha256", payload);

    Signable what{.method = net::method_name(request.method),
                  .path = request.url.path(),
                  .query = request.url.query(),
                  .headers = request.headers,
                  .payload_sha256 = payload,
                  .path_as_sent = is_s3};
    what.headers.set("Host", request.url.authority());
    request.headers.set("Authorization", authorization(what, keys, scope, time));
}

} // namespace mica::auth::aws
