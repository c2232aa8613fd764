#include "auth/clouds.hh"

#include "auth/cloud_http.hh"
#include "auth/cloud_tokens.hh"
#include "auth/kept_login.hh"
#include "auth/oauth.hh"
#include "auth/renewable.hh"
#include "auth/rs256.hh"
#include "base/error.hh"
#include "base/text.hh"
#include "io/fd.hh"
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace mica::auth {

namespace {

using Json = nlohmann::json;

constexpr std::uint64_t file_limit = 1024 * 1024;
constexpr unsigned attempts = 3;
constexpr std::chrono::seconds metadata_patience{1};
constexpr const char *scope = "https://www.googleapis.com/auth/cloud-platform";
constexpr const char *token_server = "https://oauth2.googleapis.com/token";

bool is_google(const oci::Reference &image)
{
    const auto &host = image.registry();
    return host == "gcr.io" || host.ends_with(".gcr.io") || host.ends_with(".pkg.dev");
}

struct SourcedToken {
    std::string text, source;
    Time expires;
};

class Search {
public:
    Search(net::Client &network, const Variables &variables, const Clock &clock, const std::stop_token &stop)
        : network_{network}, variables_{variables}, clock_{clock}, stop_{stop}
    {
    }

    std::optional<SourcedToken> run()
    {
        if (const auto named = variables_.get("GOOGLE_APPLICATION_CREDENTIALS"))
            return of_file(*named);
        const auto directory = variables_.get("CLOUDSDK_CONFIG");
        const auto usual = directory ? std::optional{std::filesystem::path{*directory}}
                                     : variables_.in_home(".config/gcloud");
        if (std::error_code error;
            usual && std::filesystem::exists(*usual / "application_default_credentials.json", error))
            return of_file(*usual / "application_default_credentials.json");
        return of_metadata();
    }

private:
    SourcedToken of_file(const std::filesystem::path &file)
    {
        source_ = file.string();
        return in_context([&] { return "asking Google for a token with " + source_; },
                          [&] {
                              const auto json = Json::parse(read_file(file, file_limit), nullptr, false);
                              const auto type = text_in(json, "type");
                              if (type == "service_account")
                                  return of_service_account(json);
                              if (type == "authorized_user")
                                  return of_user(json);
                              if (type == "external_account")
                                  return of_external_account(json);
                              throw Error{ErrorKind::unsupported,
                                          fmt::format("credentials of the type \"{}\" are not known", type)};
                          });
    }

    SourcedToken of_user(const Json &json)
    {
        return post(token_server, form({{"grant_type", "refresh_token"},
                                        {"client_id", text_in(json, "client_id")},
                                        {"client_secret", text_in(json, "client_secret")},
                                        {"refresh_token", text_in(json, "refresh_token")}}));
    }

    SourcedToken of_service_account(const Json &json)
    {
        const auto told = text_in(json, "token_uri");
        const auto server = told.empty() ? token_server : told;
        const auto now = std::chrono::floor<std::chrono::seconds>(clock_.now()).time_since_epoch().count();
        const Json header{{"alg", "RS256"}, {"typ", "JWT"}, {"kid", text_in(json, "private_key_id")}};
        const Json claims{{"iss", text_in(json, "client_email")},
                          {"scope", scope},
                          {"aud", server},
                          {"iat", now},
                          {"exp", now + 3600}};
        const auto jwt = signed_jwt(header.dump(), claims.dump(), text_in(json, "private_key"));
        return post(server, form({{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"},
                                  {"assertion", jwt}}));
    }

    /// Workload identity federation: somebody else's token against one of Google's.
    SourcedToken of_external_account(const Json &json)
    {
        auto token = post(text_in(json, "token_url"),
                          form({{"grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"},
                                {"audience", text_in(json, "audience")},
                                {"scope", scope},
                                {"requested_token_type", "urn:ietf:params:oauth:token-type:access_token"},
                                {"subject_token_type", text_in(json, "subject_token_type")},
                                {"subject_token", subject_token(json)}}));
        const auto account = text_in(json, "service_account_impersonation_url");
        if (account.empty())
            return token;
        const auto answer =
            ask(network_,
                {.method = net::Method::post,
                 .url = net::Url::parse(account),
                 .headers = {{"Content-Type", "application/json"}, {"Authorization", "Bearer " + token.text}},
                 .body = Json{{"scope", {scope}}, {"lifetime", "3600s"}}.dump()},
                attempts, stop_);
        const auto document = json_in(answer);
        token.text = text_in(document, "accessToken");
        if (token.text.empty())
            throw Error{ErrorKind::denied,
                        "no token of the service account was given: " + words_of_refusal(answer)};
        token.expires = parse_rfc3339(text_in(document, "expireTime"));
        return token;
    }

    static std::string subject_token(const Json &json)
    {
        const auto from = json.value("credential_source", Json{});
        const auto file = text_in(from, "file");
        if (file.empty())
            throw Error{ErrorKind::unsupported, "only a credential_source that is a file is understood"};
        const auto text = read_file(file, file_limit);
        const auto format = from.value("format", Json{});
        if (text_in(format, "type") != "json")
            return std::string{trim(text)};
        return text_in(Json::parse(text, nullptr, false),
                       text_in(format, "subject_token_field_name").c_str());
    }

    /// Nobody there: no token, and no error. Never through a proxy.
    std::optional<SourcedToken> of_metadata()
    {
        const auto host = variables_.get("GCE_METADATA_HOST").value_or("metadata.google.internal");
        source_ = "Google's metadata server";
        try {
            return read(
                ask(network_,
                    {.url = net::Url::parse(fmt::format(
                         "http://{}/computeMetadata/v1/instance/service-accounts/default/token", host)),
                     .headers = {{"Metadata-Flavor", "Google"}},
                     .max_redirects = 0,
                     .timeout = metadata_patience,
                     .direct = true},
                    1, stop_));
        } catch (const net::Failure &) {
            return std::nullopt;
        }
    }

    SourcedToken post(const std::string &url, std::string body)
    {
        return read(post_form(network_, net::Url::parse(url), std::move(body), stop_));
    }

    [[nodiscard]] SourcedToken read(const net::Response &answer) const
    {
        auto token = read_access_token(answer, "no token was given");
        return {std::move(token.text), source_, clock_.now() + token.lifetime};
    }

    net::Client &network_;
    const Variables &variables_;
    const Clock &clock_;
    const std::stop_token stop_;
    std::string source_;
};

class GoogleProvider final : public RenewableProvider {
public:
    GoogleProvider(net::Client &network, Variables variables, const Clock &clock, std::stop_token stop)
        : network_{network}, variables_{std::move(variables)}, clock_{clock}, stop_{std::move(stop)},
          kept_{clock}
    {
    }

    [[nodiscard]] std::optional<Credential> find(const oci::Reference &image) override
    {
        if (!is_google(image))
            return std::nullopt;
        return kept_.get("google", [&]() -> std::optional<TimedLogin> {
            const auto token = Search{network_, variables_, clock_, stop_}.run();
            if (!token)
                return std::nullopt;
            return TimedLogin{{Basic{"oauth2accesstoken", token->text}, "Google: " + token->source},
                              token->expires};
        });
    }
    void refused(const oci::Reference &image, const Credential &) override
    {
        if (is_google(image))
            kept_.forget("google");
    }

private:
    net::Client &network_;
    const Variables variables_;
    const Clock &clock_;
    const std::stop_token stop_;
    KeptLogins kept_;
};

} // namespace

std::optional<CloudToken> google_token(net::Client &network, const Variables &variables, const Clock &clock,
                                       const std::stop_token &stop)
{
    auto token = Search{network, variables, clock, stop}.run();
    return token ? std::optional{CloudToken{std::move(token->text), std::move(token->source)}} : std::nullopt;
}

std::unique_ptr<CredentialProvider> google_provider(net::Client &network, Variables variables,
                                                    const Clock &clock, std::stop_token stop)
{
    return std::make_unique<GoogleProvider>(network, std::move(variables), clock, std::move(stop));
}

} // namespace mica::auth
