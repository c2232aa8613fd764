#include "registry/endpoint.hh"

#include "auth/aws/ecr_host.hh"
#include "base/error.hh"
#include "base/text.hh"
#include <algorithm>
#include <fmt/format.h>
#include <string_view>

namespace mica::registry {

namespace {

constexpr std::uint64_t mebibyte = 1024 * 1024;

/// A piece of ECR's size: of 5 to 10 MiB by its quota; 10 MiB is proven in the field.
constexpr std::uint64_t ecr_chunk = 10 * mebibyte;
/// GitHub takes no larger piece, but any blob in one.
constexpr std::uint64_t ghcr_chunk = 4 * mebibyte;
/// Azure's gateways refuse large requests.
constexpr std::uint64_t acr_chunk = 16 * mebibyte;

bool names(const std::vector<std::string> &list, std::string_view name)
{
    return std::ranges::find(list, name) != list.end();
}

enum class Security : std::uint8_t { tls, plain, either };

/// What is said of one registry goes before what is said of all.
Security security_of(const std::string &registry, bool is_local, const std::vector<std::string> &insecure,
                     const std::vector<std::string> &with_tls)
{
    const bool has_tls = names(with_tls, registry);
    const bool may_be_plain = names(insecure, registry) || (!has_tls && (is_local || names(insecure, "*")));
    if (!may_be_plain)
        return Security::tls;
    return is_local && !has_tls && !names(with_tls, "*") ? Security::plain : Security::either;
}

} // namespace

net::Url Endpoint::url(const std::string &repository, const std::string &tail) const
{
    return base.resolve(fmt::format("/v2/{}/{}", repository, tail));
}

UploadStrategy strategy_for(const std::string &host)
{
    // ECR takes what it stored as given and keeps naming the first piece in Range.
    if (auth::aws::parse_ecr_host(host))
        return {.chunk_size = ecr_chunk, .fallback_chunk = ecr_chunk, .range_is_true = false};
    // Google's registries know no pieces at all.
    if (host == "gcr.io" || host.ends_with(".gcr.io") || host.ends_with(".pkg.dev"))
        return {.fallback_chunk = 0};
    if (host == "ghcr.io")
        return {.fallback_chunk = ghcr_chunk};
    if (host.ends_with(".azurecr.io") || host.ends_with(".azurecr.cn") || host.ends_with(".azurecr.us"))
        return {.chunk_size = acr_chunk, .fallback_chunk = acr_chunk};
    // Artifactory finds blobs of other repositories by itself.
    if (host.ends_with(".jfrog.io"))
        return {.mounts = false};
    return {};
}

Endpoint endpoint_for(const std::string &registry, const Options &options,
                      const std::vector<std::string> &with_tls)
{
    const auto host = registry == "docker.io" ? std::string{"registry-1.docker.io"} : registry;
    auto base = net::Url::parse(fmt::format("https://{}/", host));
    const auto security =
        security_of(registry, net::is_loopback(base.host()), options.insecure_registries, with_tls);
    if (security == Security::plain)
        base = net::Url::parse(fmt::format("http://{}/", host));
    const auto ecr = auth::aws::parse_ecr_host(base.host());
    auto strategy = strategy_for(base.host());
    if (options.upload_chunk_size)
        strategy.chunk_size = *options.upload_chunk_size;
    return {.registry = registry,
            .base = base,
            .may_be_plain = security == Security::either,
            .is_ecr = ecr && !ecr->is_public,
            .upload = strategy};
}

} // namespace mica::registry
