#include "registry/authorizer.hh"

#include "auth/renewable.hh"
#include "base/error.hh"
#include <algorithm>
#include <fmt/format.h>

namespace mica::registry {

namespace {

/// A token that is refused this soon after it was given will not do better when given again.
constexpr std::chrono::seconds too_young_to_drop{5};

/// A login must not be lured to somewhere else by a challenge.
TokenServer token_server(const Endpoint &endpoint, const Challenge &challenge)
{
    const auto realm =
        in_context([&] { return fmt::format("reading the challenge of {}", endpoint.registry); },
                   [&] { return net::Url::parse(challenge.parameter("realm")); });
    if (endpoint.base.is_https() && !realm.is_https())
        throw Error{ErrorKind::denied,
                    fmt::format("{} names a token server without TLS, {}; no login is sent there",
                                endpoint.registry, realm.display())};
    if (net::is_private_address(realm.host()) && !net::is_private_address(endpoint.base.host()) &&
        !net::is_loopback(endpoint.base.host()))
        throw Error{ErrorKind::denied,
                    fmt::format("{} names a token server inside the local network, {}; nothing is sent there",
                                endpoint.registry, realm.display())};
    return {realm, challenge.parameter("service")};
}

/// A token server is most often behind the authority of its registry.
std::shared_ptr<const net::Tls> tls_of(const TlsByHost &known, const net::Url &realm,
                                       const Endpoint &endpoint)
{
    for (const auto &name : {realm.host_and_port(), realm.host()})
        if (known.contains(name))
            return nullptr;
    for (const auto &name : {endpoint.base.host_and_port(), endpoint.base.host()})
        if (const auto found = known.find(name); found != known.end())
            return found->second;
    return nullptr;
}

std::optional<std::string> header_of(const std::optional<auth::Credential> &login)
{
    if (!login)
        return std::nullopt;
    if (const auto *basic = std::get_if<auth::Basic>(&login->secret))
        return basic_header(*basic);
    if (const auto *token = std::get_if<auth::RegistryToken>(&login->secret))
        return "Bearer " + token->token;
    return std::nullopt;
}

} // namespace

std::optional<std::string> Authorizer::authorization(const Endpoint &endpoint, const oci::Reference &image,
                                                     const Scopes &scopes, const std::stop_token &stop)
{
    auto scheme = state_.with([&](State &state) { return state.registries[endpoint.registry].scheme; });
    if (scheme == Scheme::unknown && endpoint.is_ecr)
        scheme = Scheme::basic;
    switch (scheme) {
    case Scheme::unknown:
        return std::nullopt;
    case Scheme::basic:
        return header_of(login(image, stop));
    case Scheme::bearer:
        break;
    }
    return bearer(endpoint, image, scopes, stop);
}

std::optional<auth::Credential> Authorizer::login(const oci::Reference &image, const std::stop_token &stop)
{
    const auto name = image.name();
    const auto hold = finding_.hold(name, stop);
    const auto [known, kept] = state_.with([&](State &state) {
        const auto there = state.logins.find(name);
        const bool is_known = there != state.logins.end();
        return std::pair{is_known, is_known ? there->second : std::optional<auth::Credential>{}};
    });
    if (known)
        return kept;
    auto found = credentials_.find(image);
    if (found)
        notes_.login(image.registry(), found->source);
    state_.with([&](State &state) { state.logins.insert_or_assign(name, found); });
    return found;
}

std::string Authorizer::bearer(const Endpoint &endpoint, const oci::Reference &image, const Scopes &scopes,
                               const std::stop_token &stop)
{
    const auto &registry = endpoint.registry;
    const auto found = login(image, stop);
    if (found && std::holds_alternative<auth::RegistryToken>(found->secret))
        return *header_of(found);

    const auto [server, wanted] = state_.with([&](State &state) {
        auto &known = state.registries[registry];
        const auto told = known.wanted.find(scopes);
        return std::pair{known.server, told == known.wanted.end() ? scopes : told->second};
    });
    const auto hold = fetching_.hold({registry, wanted}, stop);
    if (const auto kept = kept_token(registry, wanted))
        return "Bearer " + *kept;
    auto token = fetch_token(network_, server.value(), wanted, found, stop);
    auto header = "Bearer " + token.text;
    state_.with([&](State &state) { state.registries[registry].tokens.push_back(std::move(token)); });
    return header;
}

std::optional<std::string> Authorizer::kept_token(const std::string &registry, const Scopes &scopes)
{
    const auto now = std::chrono::steady_clock::now();
    return state_.with([&](State &state) -> std::optional<std::string> {
        auto &tokens = state.registries[registry].tokens;
        std::erase_if(tokens, [&](const Token &token) { return token.expires <= now; });
        const auto found =
            std::ranges::find_if(tokens, [&](const Token &token) { return token.scopes.covers(scopes); });
        return found == tokens.end() ? std::nullopt : std::optional{found->text};
    });
}

bool Authorizer::drop_token(const std::string &registry, const std::string &text)
{
    const auto now = std::chrono::steady_clock::now();
    return state_.with([&](State &state) {
        auto &tokens = state.registries[registry].tokens;
        const auto found = std::ranges::find(tokens, text, &Token::text);
        if (found == tokens.end())
            return true; // somebody else dropped it: there may be a new one
        const bool old = now - found->fetched > too_young_to_drop;
        tokens.erase(found);
        return old;
    });
}

/// True: something is known that was not known before.
bool Authorizer::learn(const Endpoint &endpoint, const Scopes &scopes,
                       const std::vector<Challenge> &challenges)
{
    const auto has_realm = [](const Challenge &c) {
        return c.scheme == "bearer" && !c.parameter("realm").empty();
    };
    const auto bearer = std::ranges::find_if(challenges, has_realm);
    if (bearer != challenges.end()) {
        auto server = token_server(endpoint, *bearer);
        server.tls = tls_of(tls_, server.realm, endpoint);
        const auto wanted = scopes.with(Scopes::parse(bearer->parameter("scope")));
        return state_.with([&](State &state) {
            auto &known = state.registries[endpoint.registry];
            const auto told = known.wanted.find(scopes);
            const bool news = known.scheme != Scheme::bearer || known.server != server ||
                              (told == known.wanted.end() ? scopes : told->second) != wanted;
            known.scheme = Scheme::bearer;
            known.server = server;
            known.wanted.insert_or_assign(scopes, wanted);
            return news;
        });
    }
    if (std::ranges::find(challenges, "basic", &Challenge::scheme) == challenges.end())
        return false;
    return state_.with([&](State &state) {
        return std::exchange(state.registries[endpoint.registry].scheme, Scheme::basic) != Scheme::basic;
    });
}

bool Authorizer::challenged(const Endpoint &endpoint, const oci::Reference &image, const Scopes &scopes,
                            const std::vector<Challenge> &challenges, const std::optional<std::string> &used,
                            const std::stop_token &stop)
{
    constexpr std::string_view bearer = "Bearer ";
    const bool news = learn(endpoint, scopes, challenges);
    if (!used)
        return news || authorization(endpoint, image, scopes, stop).has_value();
    if (used->starts_with(bearer))
        return drop_token(endpoint.registry, used->substr(bearer.size())) || news;
    // A login that a helper or a cloud made may have ended in the meantime.
    forget_login(image, *used);
    return header_of(login(image, stop)) != used || news;
}

/// Once for each login that was refused, however many threads had it refused.
void Authorizer::forget_login(const oci::Reference &image, const std::string &used)
{
    const auto old = state_.with([&](State &state) {
        const auto found = state.logins.find(image.name());
        std::optional<auth::Credential> login;
        if (found != state.logins.end() && header_of(found->second) == used) {
            login = std::move(found->second);
            state.logins.erase(found);
        }
        return login;
    });
    auto *renewable = dynamic_cast<auth::RenewableProvider *>(&credentials_);
    if (old && renewable != nullptr)
        renewable->refused(image, *old);
}

std::optional<std::string> Authorizer::login_source(const oci::Reference &image) const
{
    return state_.with([&](const State &state) -> std::optional<std::string> {
        const auto found = state.logins.find(image.name());
        return found == state.logins.end() || !found->second ? std::nullopt
                                                             : std::optional{found->second->source};
    });
}

} // namespace mica::registry
