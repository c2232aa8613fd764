#include "auth/objects/google.hh"

#include "auth/cloud_tokens.hh"
#include "base/error.hh"
#include "base/text.hh"
#include <fmt/format.h>

namespace mica::auth {

namespace {

constexpr auto emulator_variable = "STORAGE_EMULATOR_HOST";
constexpr auto google = "https://storage.googleapis.com";

} // namespace

net::Url google_object_address(const Variables &variables, const std::string &bucket,
                               const std::string &object)
{
    auto base = variables.get(emulator_variable).value_or(google);
    if (base.find("://") == std::string::npos)
        base = "http://" + base;
    return in_context([] { return fmt::format("reading {}", emulator_variable); },
                      [&] {
                          return net::Url::parse(fmt::format("{}/storage/v1/b/{}/o/{}", trim(base, "/"),
                                                             net::percent_encode(bucket),
                                                             net::percent_encode(object)))
                              .with_query("alt", "media");
                      });
}

net::Request google_object(net::Client &network, const Variables &variables, const Clock &clock,
                           const std::string &bucket, const std::string &object, const std::stop_token &stop)
{
    net::Request request{.url = google_object_address(variables, bucket, object)};
    if (variables.get(emulator_variable))
        return request;
    if (const auto token = google_token(network, variables, clock, stop))
        request.headers.set("Authorization", "Bearer " + token->text);
    return request;
}

} // namespace mica::auth
