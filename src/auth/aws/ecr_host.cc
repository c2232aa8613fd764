#include "auth/aws/ecr_host.hh"

#include "auth/aws/endpoints.hh"
#include "base/text.hh"
#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace mica::auth::aws {

namespace {

constexpr std::size_t account_digits = 12;

/// Behind the region; "on." marks those of both IP versions.
constexpr std::array<std::string_view, 9> domains{
    "amazonaws.com", "amazonaws.com.cn", "amazonaws.eu",   "on.aws",         "on.amazonwebservices.com.cn",
    "sc2s.sgov.gov", "c2s.ic.gov",       "cloud.adc-e.uk", "csp.hci.ic.gov",
};

bool is_region(std::string_view text)
{
    return !text.empty() && text.front() != '-' &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_") == std::string_view::npos;
}

bool take(std::string_view &text, std::string_view prefix)
{
    if (!text.starts_with(prefix))
        return false;
    text.remove_prefix(prefix.size());
    return true;
}

} // namespace

std::optional<EcrHost> parse_ecr_host(std::string_view host)
{
    const auto name = to_lower(host);
    if (name == "public.ecr.aws" || name == "ecr-public.aws.com")
        return EcrHost{.account = {}, .region = "us-east-1", .is_public = true};
    std::string_view rest{name};
    if (rest.find_first_not_of("0123456789") != account_digits)
        return std::nullopt;
    EcrHost found{.account = std::string{rest.substr(0, account_digits)}, .region = {}};
    rest.remove_prefix(account_digits);
    if (!take(rest, ".dkr.ecr") && !take(rest, ".dkr-ecr"))
        return std::nullopt;
    found.fips = take(rest, "-fips");
    if (!take(rest, "."))
        return std::nullopt;
    const auto dot = rest.find('.');
    if (dot == std::string_view::npos || !is_region(rest.substr(0, dot)))
        return std::nullopt;
    found.region = rest.substr(0, dot);
    const auto domain = rest.substr(dot + 1);
    found.dual_stack = domain.starts_with("on.");
    return std::ranges::find(domains, domain) == domains.end() ? std::nullopt : std::optional{found};
}

std::string EcrHost::api_host() const
{
    if (is_public)
        return fmt::format("api.ecr-public.{}.amazonaws.com", region);
    const auto service = fips ? "ecr-fips" : "ecr";
    return dual_stack ? fmt::format("{}.{}.{}", service, region, dual_stack_suffix(region))
                      : fmt::format("api.{}.{}.{}", service, region, dns_suffix(region));
}

} // namespace mica::auth::aws
