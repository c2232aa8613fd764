#include "auth/aws/ecr_api.hh"

#include "auth/aws/answers.hh"
#include "auth/aws/endpoints.hh"
#include "auth/cloud_http.hh"
#include "net/http_date.hh"
#include <fmt/format.h>

namespace mica::auth::aws {

namespace {

constexpr unsigned attempts = 4;

struct Service {
    const char *id, *signing_name, *target;
};
constexpr Service private_service{"ecr", "ecr", "AmazonEC2ContainerRegistry_V20150921"};
constexpr Service public_service{"ecr_public", "ecr-public", "SpencerFrontendService"};

bool is_about_time(const net::Response &answer)
{
    const auto type = error_type(answer);
    const auto says = [&](const char *words) { return answer.body.find(words) != std::string::npos; };
    return type == "RequestTimeTooSkewed" || type == "RequestExpired" ||
           (type == "InvalidSignatureException" && (says("xpired") || says("ot yet current")));
}

} // namespace

std::string error_type(const net::Response &answer)
{
    return answer.truncated ? std::string{} : parse_error_type(answer.body);
}

net::Response call_ecr(const Situation &situation, const Section &profile, const EcrHost &host,
                       const Keys &keys, const std::string &operation, std::string body)
{
    const auto &service = host.is_public ? public_service : private_service;
    const auto told = configured_endpoint(service.id, situation.variables, situation.profiles, profile);
    const net::Request plain{.method = net::Method::post,
                             .url =
                                 told ? *told : net::Url::parse(fmt::format("https://{}/", host.api_host())),
                             .headers = {{"Content-Type", "application/x-amz-json-1.1"},
                                         {"X-Amz-Target", fmt::format("{}.{}", service.target, operation)}},
                             .body = std::move(body),
                             .timeout = std::chrono::seconds{30},
                             .tls = situation.tls};
    const auto send_at = [&](Time now) {
        auto signed_request = plain;
        sign(signed_request, keys.signing, {host.region, service.signing_name}, now);
        return ask(situation.network, signed_request, attempts, situation.stop);
    };
    auto answer = send_at(situation.clock.now());
    if (answer.status != 200 && is_about_time(answer))
        if (const auto date = net::parse_http_date(answer.headers.find("Date").value_or("")))
            answer = send_at(*date);
    return answer;
}

} // namespace mica::auth::aws
