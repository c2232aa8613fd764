#include "auth/aws/endpoints.hh"

#include "base/error.hh"
#include "base/text.hh"
#include <array>
#include <fmt/format.h>
#include <string_view>

namespace mica::auth::aws {

namespace {

struct Partition {
    std::string_view prefix, suffix, dual_stack;
};

/// By the beginning of the region's name; the first that fits.
constexpr std::array partitions{
    Partition{"cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn"},
    Partition{"eusc-", "amazonaws.eu", "api.amazonwebservices.eu"},
    Partition{"us-isob-", "sc2s.sgov.gov", "api.aws.scloud"},
    Partition{"us-isof-", "csp.hci.ic.gov", "api.aws.hci.ic.gov"},
    Partition{"eu-isoe-", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"},
    Partition{"us-iso-", "c2s.ic.gov", "api.aws.ic.gov"},
};
constexpr Partition standard{"", "amazonaws.com", "api.aws"};

const Partition &partition_of(const std::string &region)
{
    for (const auto &partition : partitions)
        if (region.starts_with(partition.prefix))
            return partition;
    return standard;
}

} // namespace

std::string dns_suffix(const std::string &region)
{
    return std::string{partition_of(region).suffix};
}

std::string dual_stack_suffix(const std::string &region)
{
    return std::string{partition_of(region).dual_stack};
}

std::optional<net::Url> configured_endpoint(const std::string &service, const Variables &variables,
                                            const Profiles &profiles, const Section &profile)
{
    if (variables.is_on("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") ||
        to_lower(profile.get("ignore_configured_endpoint_urls").value_or("")) == "true")
        return std::nullopt;
    std::string from;
    const auto text = [&]() -> std::optional<std::string> {
        for (const auto &name : {"AWS_ENDPOINT_URL_" + to_upper(service), std::string{"AWS_ENDPOINT_URL"}})
            if (auto value = variables.get(name)) {
                from = name;
                return value;
            }
        from = "endpoint_url of the AWS profile";
        if (const auto name = profile.get("services"))
            if (const auto services = profiles.section("services", *name))
                if (auto value = services->get(service + ".endpoint_url"))
                    return value;
        return profile.get("endpoint_url");
    }();
    if (!text)
        return std::nullopt;
    return in_context([&] { return fmt::format("reading {}", from); },
                      [&] { return net::Url::parse(*text); });
}

} // namespace mica::auth::aws
