#include "auth/clouds.hh"

#include "auth/cloud_http.hh"
#include "auth/cloud_tokens.hh"
#include "auth/kept_login.hh"
#include "auth/oauth.hh"
#include "auth/renewable.hh"
#include "base/error.hh"
#include "base/text.hh"
#include "io/fd.hh"
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace mica::auth {

namespace {

constexpr std::uint64_t token_limit = 64 * 1024;
constexpr unsigned attempts = 3;
constexpr std::chrono::seconds metadata_patience{2};
constexpr std::chrono::hours usual_lifetime{1}; ///< of a registry's refresh token it is three
constexpr const char *registries = "https://containerregistry.azure.net/";
constexpr const char *public_authority = "https://login.microsoftonline.com/";

/// The authority of the cloud that the registry is in; empty: it is none of Azure's.
std::string authority_of(const std::string &registry)
{
    if (registry.ends_with(".azurecr.io"))
        return public_authority;
    if (registry.ends_with(".azurecr.cn"))
        return "https://login.chinacloudapi.cn/";
    if (registry.ends_with(".azurecr.us"))
        return "https://login.microsoftonline.us/";
    return {};
}

struct SourcedToken {
    std::string text, source;
};

class Search {
public:
    /// `resource`: the service that a token is for.
    Search(net::Client &network, const Variables &variables, std::string resource,
           const std::stop_token &stop)
        : network_{network}, variables_{variables}, resource_{std::move(resource)}, stop_{stop}
    {
    }

    std::optional<SourcedToken> run(const std::string &authority)
    {
        const auto client = variables_.get("AZURE_CLIENT_ID"), tenant = variables_.get("AZURE_TENANT_ID");
        const auto secret = variables_.get("AZURE_CLIENT_SECRET");
        const auto file = variables_.get("AZURE_FEDERATED_TOKEN_FILE");
        if (!client || !tenant || (!secret && !file))
            return of_managed_identity(client);
        auto told = variables_.get("AZURE_AUTHORITY_HOST").value_or(authority);
        told += told.ends_with('/') ? "" : "/";
        auto body = form({{"grant_type", "client_credentials"},
                          {"client_id", *client},
                          {"scope", resource_ + ".default"}});
        if (secret)
            body += "&" + form({{"client_secret", *secret}});
        else
            body += "&" +
                    form({{"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
                          {"client_assertion", trim(read_file(*file, token_limit))}});
        const auto url = net::Url::parse(told + net::percent_encode(*tenant) + "/oauth2/v2.0/token");
        const auto answer = post_form(network_, url, std::move(body), stop_);
        const auto source = secret ? "AZURE_CLIENT_SECRET" : "AZURE_FEDERATED_TOKEN_FILE";
        return read(answer, source);
    }

    std::string refresh_token(const std::string &registry, const SourcedToken &token)
    {
        const auto answer = post_form(
            network_, net::Url::parse(fmt::format("https://{}/oauth2/exchange", registry)),
            form({{"grant_type", "access_token"}, {"service", registry}, {"access_token", token.text}}),
            stop_);
        auto text = text_in(json_in(answer), "refresh_token");
        if (answer.status != 200 || text.empty())
            throw Error{ErrorKind::denied, fmt::format("{} does not take the identity of {}: {}", registry,
                                                       token.source, words_of_refusal(answer))}
                .with_hint("the identity needs a role of the registry, such as AcrPush");
        return text;
    }

private:
    static SourcedToken read(const net::Response &answer, const std::string &source)
    {
        return {read_access_token(answer, "Azure gave no token to " + source).text, source};
    }

    /// Never through a proxy; nobody there: no token, and no error.
    std::optional<SourcedToken> of_managed_identity(const std::optional<std::string> &client)
    {
        const auto service = variables_.get("IDENTITY_ENDPOINT"), header = variables_.get("IDENTITY_HEADER");
        auto url = net::Url::parse(
                       service && header ? *service : "http://169.254.169.254/metadata/identity/oauth2/token")
                       .with_query("api-version", service && header ? "2019-08-01" : "2018-02-01")
                       .with_query("resource", resource_);
        if (client)
            url = url.with_query("client_id", *client);
        net::Request request{.url = url, .max_redirects = 0, .timeout = metadata_patience, .direct = true};
        if (service && header)
            request.headers.set("X-IDENTITY-HEADER", *header);
        else
            request.headers.set("Metadata", "true");
        try {
            const auto answer = ask(network_, request, service ? attempts : 1, stop_);
            // A machine without an identity says 400; a machine of another cloud 404.
            if (!service && answer.status != 200)
                return std::nullopt;
            return read(answer, "the managed identity");
        } catch (const net::Failure &) {
            if (service)
                throw;
            return std::nullopt;
        }
    }

    net::Client &network_;
    const Variables &variables_;
    const std::string resource_;
    const std::stop_token stop_;
};

class AzureProvider final : public RenewableProvider {
public:
    AzureProvider(net::Client &network, Variables variables, const Clock &clock, std::stop_token stop)
        : network_{network}, variables_{std::move(variables)}, clock_{clock}, stop_{std::move(stop)},
          kept_{clock}
    {
    }

    [[nodiscard]] std::optional<Credential> find(const oci::Reference &image) override
    {
        const auto &registry = image.registry();
        const auto authority = authority_of(registry);
        if (authority.empty())
            return std::nullopt;
        return kept_.get(registry, [&]() -> std::optional<TimedLogin> {
            Search search{network_, variables_, registries, stop_};
            const auto token = search.run(authority);
            if (!token)
                return std::nullopt;
            return TimedLogin{
                {IdentityToken{search.refresh_token(registry, *token)}, "Azure: " + token->source},
                clock_.now() + usual_lifetime};
        });
    }
    void refused(const oci::Reference &image, const Credential &) override { kept_.forget(image.registry()); }

private:
    net::Client &network_;
    const Variables variables_;
    const Clock &clock_;
    const std::stop_token stop_;
    KeptLogins kept_;
};

} // namespace

std::optional<CloudToken> azure_token(net::Client &network, const Variables &variables,
                                      const std::string &resource, const std::stop_token &stop)
{
    auto token = Search{network, variables, resource, stop}.run(public_authority);
    return token ? std::optional{CloudToken{std::move(token->text), std::move(token->source)}} : std::nullopt;
}

std::unique_ptr<CredentialProvider> azure_provider(net::Client &network, Variables variables,
                                                   const Clock &clock, std::stop_token stop)
{
    return std::make_unique<AzureProvider>(network, std::move(variables), clock, std::move(stop));
}

} // namespace mica::auth
