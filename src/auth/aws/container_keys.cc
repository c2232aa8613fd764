#include "auth/aws/metadata_keys.hh"

#include "auth/cloud_http.hh"
#include "base/error.hh"
#include "base/text.hh"
#include "io/fd.hh"
#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace mica::auth::aws {

namespace {

constexpr unsigned attempts = 3;
constexpr std::chrono::seconds patience{2};
constexpr std::uint64_t token_limit = 64 * 1024;

/// Over plain HTTP: ECS, and EKS over both IP versions.
constexpr std::array known_hosts{"169.254.170.2", "169.254.170.23", "fd00:ec2::23"};

std::optional<net::Url> place(const Variables &variables)
{
    if (const auto path = variables.get("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"))
        return net::Url::parse("http://169.254.170.2" + *path);
    const auto whole = variables.get("AWS_CONTAINER_CREDENTIALS_FULL_URI");
    if (!whole)
        return std::nullopt;
    auto url = in_context([] { return std::string{"reading AWS_CONTAINER_CREDENTIALS_FULL_URI"}; },
                          [&] { return net::Url::parse(*whole); });
    const bool is_near = net::is_loopback(url.host()) || std::ranges::count(known_hosts, url.host()) > 0;
    if (!url.is_https() && !is_near)
        throw Error{
            ErrorKind::usage,
            fmt::format("AWS_CONTAINER_CREDENTIALS_FULL_URI names {}, where nothing is asked without TLS",
                        url.host_and_port())};
    return url;
}

/// The file may change, so it is read each time.
std::optional<std::string> token(const Variables &variables)
{
    auto text = variables.get("AWS_CONTAINER_AUTHORIZATION_TOKEN");
    if (const auto file = variables.get("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"))
        text = in_context(
            [] { return std::string{"reading the file that AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names"}; },
            [&] { return std::string{trim(read_file(*file, token_limit), "\r\n")}; });
    if (text && text->find_first_of("\r\n") != std::string::npos)
        throw Error{ErrorKind::usage,
                    "the authorization token for the container's credentials has a line break"};
    return text;
}

} // namespace

std::optional<Keys> container_keys(const Situation &situation)
{
    const auto url = place(situation.variables);
    if (!url)
        return std::nullopt;
    net::Request request{.url = *url, .max_redirects = 0, .timeout = patience, .direct = true};
    if (const auto text = token(situation.variables))
        request.headers.set("Authorization", *text);
    const auto source = fmt::format("the container's credentials at {}", url->host_and_port());
    return in_context([&] { return "asking for " + source; },
                      [&] {
                          const auto answer = ask(situation.network, request, attempts, situation.stop);
                          if (answer.status != 200)
                              throw Error{ErrorKind::denied,
                                          fmt::format("{} gave no keys: {}", url->host_and_port(),
                                                      words_of_refusal(answer))};
                          return parse_keys(answer.body, "Token", source);
                      });
}

} // namespace mica::auth::aws
