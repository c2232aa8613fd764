#include "auth/aws/metadata_keys.hh"

#include "auth/cloud_http.hh"
#include "base/error.hh"
#include "base/text.hh"
#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace mica::auth::aws {

namespace {

constexpr const char *roles = "latest/meta-data/iam/security-credentials/";

/// A number of the environment within bounds.
unsigned setting(const Variables &variables, const char *name, unsigned usual, unsigned most)
{
    const auto text = variables.get(name).value_or("");
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() && value > 0 ? std::min(value, most)
                                                                                 : usual;
}

net::Url base(const Variables &variables)
{
    if (const auto told = variables.get("AWS_EC2_METADATA_SERVICE_ENDPOINT"))
        return in_context([] { return std::string{"reading AWS_EC2_METADATA_SERVICE_ENDPOINT"}; },
                          [&] { return net::Url::parse(told->ends_with('/') ? *told : *told + "/"); });
    const auto mode = to_lower(variables.get("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE").value_or("ipv4"));
    return net::Url::parse(mode == "ipv6" ? "http://[fd00:ec2::254]/" : "http://169.254.169.254/");
}

class Service {
public:
    explicit Service(const Situation &situation)
        : situation_{situation}, base_{base(situation.variables)},
          patience_{setting(situation.variables, "AWS_METADATA_SERVICE_TIMEOUT", 1, 60)},
          attempts_{setting(situation.variables, "AWS_METADATA_SERVICE_NUM_ATTEMPTS", 1, 10)}
    {
    }

    std::optional<Keys> keys(std::string &why)
    {
        auto token =
            send(net::Method::put, "latest/api/token", {{"X-aws-ec2-metadata-token-ttl-seconds", "21600"}});
        if (token.status != 200) {
            why = fmt::format("the metadata service gave no token (HTTP status {})", token.status);
            return std::nullopt;
        }
        const net::Headers proof{{"X-aws-ec2-metadata-token", std::string{trim(token.body)}}};
        const auto listed = send(net::Method::get, roles, proof);
        const std::string role{trim(split(listed.body, '\n').front())};
        if (listed.status != 200 || role.empty()) {
            why = "the instance has no role";
            return std::nullopt;
        }
        const auto answer = send(net::Method::get, roles + net::percent_encode(role), proof);
        if (const auto code = text_in(json_in(answer), "Code"); answer.status != 200 || code != "Success")
            throw Error{ErrorKind::denied, fmt::format("the metadata service gave no keys of the role {}: {}",
                                                       role, code.empty() ? words_of_refusal(answer) : code)};
        return parse_keys(answer.body, "Token", fmt::format("the instance's role {}", role));
    }

private:
    net::Response send(net::Method method, const std::string &path, net::Headers headers)
    {
        return ask(situation_.network,
                   {.method = method,
                    .url = base_.resolve(base_.path() + path),
                    .headers = std::move(headers),
                    .max_redirects = 0,
                    .timeout = patience_,
                    .direct = true},
                   attempts_, situation_.stop);
    }

    const Situation &situation_;
    net::Url base_;
    std::chrono::seconds patience_;
    unsigned attempts_;
};

} // namespace

std::optional<Keys> instance_keys(const Situation &situation, std::string &why)
{
    if (situation.variables.is_on("AWS_EC2_METADATA_DISABLED")) {
        why = "AWS_EC2_METADATA_DISABLED is set";
        return std::nullopt;
    }
    try {
        return Service{situation}.keys(why);
    } catch (const net::Failure &failure) {
        why = failure.failure() == net::FailureKind::timeout
                  ? "the metadata service did not answer in time (in a container on EC2 its hop limit must "
                    "be 2)"
                  : "there is no metadata service";
        return std::nullopt;
    }
}

} // namespace mica::auth::aws
