#include "auth/objects/s3.hh"

#include "auth/aws/endpoints.hh"
#include "auth/aws/sigv4.hh"
#include "base/error.hh"
#include "base/text.hh"
#include <algorithm>
#include <fmt/format.h>
#include <vector>

namespace mica::auth {

namespace {

constexpr auto default_region = "us-east-1";

/// Every component by itself: slashes stay.
std::string encoded_path(std::string_view path)
{
    std::vector<std::string> parts;
    for (const auto part : split(path, '/'))
        parts.push_back(net::percent_encode(part));
    return join(parts, "/");
}

net::Url amazon(const S3Place &place)
{
    return net::Url::parse(fmt::format("https://s3{}{}.{}.{}/", place.fips ? "-fips" : "",
                                       place.dual_stack ? ".dualstack" : "", place.region,
                                       aws::dns_suffix(place.region)));
}

bool is_address(const std::string &host)
{
    return host.find(':') != std::string::npos || host.find_first_not_of("0123456789.") == std::string::npos;
}

/// Names of buckets are lower-case letters, digits, dots and hyphens; this keeps what is no name out of a
/// host's.
void check_bucket(const std::string &bucket)
{
    const auto is_good = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
               c == '-' || c == '_';
    };
    if (bucket.empty() || !std::ranges::all_of(bucket, is_good))
        throw Error{ErrorKind::usage, fmt::format("\"{}\" is no name of a bucket", bucket)};
}

std::optional<net::Url> endpoint_of(const Variables &variables, const aws::Profiles &profiles,
                                    const aws::Section &profile)
{
    const auto told = variables.get("S3_ENDPOINT");
    if (!told)
        return aws::configured_endpoint("s3", variables, profiles, profile);
    return in_context([] { return std::string{"reading S3_ENDPOINT"}; },
                      [&] {
                          const bool has_scheme = told->find("://") != std::string::npos;
                          return net::Url::parse(has_scheme ? *told : "https://" + *told);
                      });
}

} // namespace

net::Url s3_address(const S3Place &place)
{
    const auto base = place.endpoint ? *place.endpoint : amazon(place);
    const auto path = encoded_path(place.key);
    const auto prefix = std::string{trim(base.path(), "/")};
    const auto folder = prefix.empty() ? "/" : "/" + prefix + "/";
    const bool fits = place.bucket.find('.') == std::string::npos || !base.is_https();
    const bool in_path = place.path_style || !fits || is_address(base.host()) || base.host() == "localhost";
    if (in_path)
        return net::Url::parse(
            fmt::format("{}://{}{}{}/{}", base.scheme(), base.authority(), folder, place.bucket, path));
    return net::Url::parse(
        fmt::format("{}://{}.{}{}{}", base.scheme(), place.bucket, base.authority(), folder, path));
}

S3Object::S3Object(aws::KeyRing &keys, std::string bucket, std::string key, const std::stop_token &stop)
    : keys_{keys}, stop_{stop}
{
    check_bucket(bucket);
    const auto situation = keys.situation(default_region, stop);
    const auto &variables = keys.variables();
    place_ = {.bucket = std::move(bucket),
              .key = std::move(key),
              .region = keys.region().value_or(default_region),
              .endpoint = endpoint_of(variables, situation.profiles, keys.profile()),
              .path_style = variables.is_on("S3_FORCE_PATH_STYLE"),
              .fips = variables.is_on("AWS_USE_FIPS_ENDPOINT"),
              .dual_stack = variables.is_on("AWS_USE_DUALSTACK_ENDPOINT")};
}

net::Request S3Object::get()
{
    // A signature is for one host, so a redirect is never followed.
    net::Request request{
        .url = s3_address(place_), .max_redirects = 0, .tls = keys_.situation(place_.region, stop_).tls};
    if (const auto found = keys_.keys(place_.region, why_, stop_)) {
        why_.clear();
        aws::sign(request, found->signing, {place_.region, "s3"}, keys_.clock().now());
    }
    return request;
}

bool S3Object::learn(const net::Headers &headers)
{
    const auto region = headers.find("x-amz-bucket-region");
    const bool is_name = region && !region->empty() && std::ranges::all_of(*region, [](char c) {
                             return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
                         });
    if (!is_name || *region == place_.region)
        return false;
    place_.region = *region;
    return true;
}

} // namespace mica::auth
