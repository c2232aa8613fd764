#include "registry/session.hh"

#include "base/text.hh"
#include <array>
#include <cstring>

namespace mica::registry {

namespace {

constexpr std::size_t text_limit = 64 * 1024;
constexpr int most_logins = 3;                   ///< without, with what is kept, with what is new
constexpr std::chrono::seconds tls_patience{10}; ///< with a registry that may have none

std::string read_head(Source &body)
{
    std::string text;
    std::array<std::byte, 8192> block{};
    while (text.size() < text_limit) {
        const auto count = body.read(block);
        if (count == 0)
            break;
        text.append(reinterpret_cast<const char *>(block.data()), count);
    }
    return text;
}

/// ECR says 403 in plain words, its public sister 400, where others challenge.
bool wants_a_login(const Answer &answer)
{
    if (answer.status == 401)
        return true;
    return (answer.status == 403 || answer.status == 400) &&
           to_lower(answer.text).find("token has expired") != std::string::npos;
}

} // namespace

Endpoint Session::endpoint(const std::string &registry)
{
    auto endpoint = endpoint_for(registry, settings_.options, settings_.tls_registries);
    if (!endpoint.may_be_plain)
        return endpoint;
    const auto hold = asking_.hold(registry, {});
    const auto known = has_tls_.with([&](const auto &all) {
        const auto found = all.find(registry);
        return found == all.end() ? std::nullopt : std::optional{found->second};
    });
    const bool has_tls = known ? *known : speaks_tls(endpoint.base);
    has_tls_.with([&](auto &all) { all.insert_or_assign(registry, has_tls); });
    if (!has_tls)
        endpoint.base = net::Url::parse(fmt::format("http://{}/", endpoint.base.authority()));
    return endpoint;
}

bool Session::speaks_tls(const net::Url &base)
{
    auto any_certificate = std::make_shared<net::Tls>();
    any_certificate->verify = false;
    const net::Request request{.url = base.resolve("/v2/"),
                               .max_redirects = 0,
                               .timeout = tls_patience,
                               .tls = std::move(any_certificate)};
    try {
        (void)network_.send(request, text_limit, {});
        return true;
    } catch (const net::Failure &) {
        return false;
    }
}

Answer Session::exchange(const net::Request &request, const std::stop_token &stop)
{
    auto stream = network_.open(request, stop);
    Answer answer{
        stream.status, std::move(stream.headers), std::move(stream.url), {}, std::move(stream.body)};
    notes_.look_at(answer.url.host(), answer.headers);
    if (answer.status >= 400)
        answer.text = read_head(*answer.body);
    return answer;
}

Answer Session::send(const Subject &subject, const net::Request &request, const std::stop_token &stop)
{
    const auto &endpoint = subject.endpoint;
    const auto &image = subject.image;
    try {
        return send_with_login(subject, request, stop);
    } catch (net::Failure &failure) {
        if (failure.failure() == net::FailureKind::refused)
            failure.set_hint(fmt::format("is a registry listening at {}?", endpoint.base.host_and_port()));
        // Amazon closes the connection where others say that there is no such repository.
        if (failure.failure() == net::FailureKind::broken && endpoint.is_ecr &&
            request.method == net::Method::post)
            failure.set_hint(fmt::format("the repository {} may not exist, or the login may not push to it",
                                         image.repository()));
        throw;
    }
}

Answer Session::send_with_login(const Subject &subject, const net::Request &request,
                                const std::stop_token &stop)
{
    const auto &[endpoint, image, scopes] = subject;
    const bool ours = request.url.same_origin(endpoint.base);
    for (int attempt = 1;; ++attempt) {
        auto signed_request = request;
        const auto authorization =
            ours ? authorizer_.authorization(endpoint, image, scopes, stop) : std::nullopt;
        if (authorization)
            signed_request.headers.set("Authorization", *authorization);
        auto answer = exchange(signed_request, stop);
        if (!wants_a_login(answer) || !answer.url.same_origin(endpoint.base) || attempt == most_logins)
            return answer;
        const auto challenges = parse_challenges(answer.headers.all("WWW-Authenticate"));
        if (!authorizer_.challenged(endpoint, image, scopes, challenges, authorization, stop))
            return answer;
    }
}

Refused Session::refusal(const Subject &subject, const Answer &answer, std::string_view action) const
{
    const bool missing = subject.endpoint.is_ecr && answer.text.find("NAME_UNKNOWN") != std::string::npos;
    const auto hint =
        missing ? fmt::format("create it (\"aws ecr create-repository --repository-name {}\"), or let mica "
                              "do it with --ecr-create-repository",
                              subject.image.repository())
                : std::string{};
    auto refused =
        refusal_of(answer.status, answer.headers, answer.text, answer.url.host_and_port(), action, hint);
    if (refused.kind() != ErrorKind::denied)
        return refused;
    const auto source = authorizer_.login_source(subject.image);
    refused.add_context(
        source ? fmt::format("with the login from {}", *source)
               : fmt::format("without a login, for none was found for {}", subject.endpoint.registry));
    return refused;
}

std::chrono::milliseconds Session::pause_after(Error &error, unsigned tried,
                                               const net::Outcome &outcome) const
{
    const auto pause = net::next_delay(policy(), tried, outcome, net::random_chance());
    if (pause)
        return *pause;
    if (tried > 1)
        error.add_context(fmt::format("after {} attempts", tried));
    throw;
}

} // namespace mica::registry
