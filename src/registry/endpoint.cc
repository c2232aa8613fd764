#include "registry/endpoint.hh"

#include "base/error.hh"
#include "base/text.hh"
#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace mica::registry {

namespace {

constexpr std::uint64_t mebibyte = 1024 * 1024;

/// A piece of ECR's size: of 5 to 10 MiB by its quota; 10 MiB is proven in the field.
constexpr std::uint64_t ecr_chunk = 10 * mebibyte;

constexpr std::array ecr_domains{
    ".amazonaws.com",
    ".amazonaws.com.cn",
    ".amazonaws.eu",
    ".on.aws",
    ".on.amazonwebservices.com.cn",
    ".sc2s.sgov.gov",
    ".c2s.ic.gov",
    ".cloud.adc-e.uk",
    ".csp.hci.ic.gov",
};

} // namespace

net::Url Endpoint::url(const std::string &repository, const std::string &tail) const
{
    return base.resolve(fmt::format("/v2/{}/{}", repository, tail));
}

bool is_ecr_host(const std::string &host)
{
    // ACCOUNT.dkr.ecr[-fips].REGION.DOMAIN, or with "dkr-ecr" for the dual-stack names.
    const auto name = to_lower(host);
    const auto dot = name.find('.');
    if (dot != 12 || name.find_first_not_of("0123456789") != dot)
        return false;
    const auto rest = std::string_view{name}.substr(dot);
    const bool service =
        std::ranges::any_of(std::array{".dkr.ecr.", ".dkr-ecr.", ".dkr.ecr-fips.", ".dkr-ecr-fips."},
                            [&](std::string_view prefix) { return rest.starts_with(prefix); });
    return service &&
           std::ranges::any_of(ecr_domains, [&](std::string_view domain) { return rest.ends_with(domain); });
}

UploadStrategy strategy_for(const std::string &host)
{
    // ECR takes what it stored as given and keeps naming the first piece in Range.
    if (is_ecr_host(host))
        return {.chunk_size = ecr_chunk, .range_is_true = false};
    return {};
}

Endpoint endpoint_for(const std::string &registry, const Options &options)
{
    const auto host = registry == "docker.io" ? std::string{"registry-1.docker.io"} : registry;
    auto base = net::Url::parse(fmt::format("https://{}/", host));
    const bool insecure =
        std::ranges::find(options.insecure_registries, registry) != options.insecure_registries.end();
    if (insecure || net::is_loopback(base.host()))
        base = net::Url::parse(fmt::format("http://{}/", host));
    auto strategy = strategy_for(base.host());
    if (options.upload_chunk_size)
        strategy.chunk_size = *options.upload_chunk_size;
    return {.registry = registry, .base = base, .is_ecr = is_ecr_host(base.host()), .upload = strategy};
}

} // namespace mica::registry
