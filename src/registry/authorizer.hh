#pragma once
/// @file
/// Logins and tokens of all registries of a client: learnt from challenges, kept until they end.
#include "auth/credentials.hh"
#include "base/guarded.hh"
#include "net/client.hh"
#include "registry/challenge.hh"
#include "registry/endpoint.hh"
#include "registry/keyed_lock.hh"
#include "registry/scope.hh"
#include "registry/server_notes.hh"
#include "registry/token.hh"
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace mica::registry {

using TlsByHost = std::map<std::string, std::shared_ptr<const net::Tls>>;

/// A registry is asked without a login first; its challenge tells whether it wants Basic or
/// Bearer, and from then on the right header is sent at once. Each token and each login is fetched
/// once, however many threads need it. May be called from any thread.
class Authorizer {
public:
    /// `tls`: see Settings. Everything outlives it.
    Authorizer(net::Client &network, auth::CredentialProvider &credentials, ServerNotes &notes,
               const TlsByHost &tls)
        : network_{network}, credentials_{credentials}, notes_{notes}, tls_{tls}
    {
    }

    /// The value of Authorization for a request of these scopes; nullopt: send none. Throws Error
    /// (denied), Refused, net::Failure, Cancelled.
    [[nodiscard]] std::optional<std::string> authorization(const Endpoint &endpoint,
                                                           const oci::Reference &image, const Scopes &scopes,
                                                           const std::stop_token &stop);

    /// Learns from an answer that refused the request that had `used` as its Authorization. True:
    /// authorization() may have something better now.
    [[nodiscard]] bool challenged(const Endpoint &endpoint, const oci::Reference &image, const Scopes &scopes,
                                  const std::vector<Challenge> &challenges,
                                  const std::optional<std::string> &used, const std::stop_token &stop);

    /// Where the login for the image's registry came from; nullopt: there is none, or it was not needed.
    [[nodiscard]] std::optional<std::string> login_source(const oci::Reference &image) const;

private:
    enum class Scheme : std::uint8_t { unknown, basic, bearer };
    struct Registry {
        Scheme scheme = Scheme::unknown;
        std::optional<TokenServer> server;
        std::map<Scopes, Scopes> wanted; ///< what the registry asks for where we asked for the key
        std::vector<Token> tokens;
    };
    struct State {
        std::map<std::string, Registry> registries;
        std::map<std::string, std::optional<auth::Credential>> logins; ///< by repository
    };

    [[nodiscard]] std::optional<auth::Credential> login(const oci::Reference &image,
                                                        const std::stop_token &stop);
    [[nodiscard]] std::string bearer(const Endpoint &endpoint, const oci::Reference &image,
                                     const Scopes &scopes, const std::stop_token &stop);
    [[nodiscard]] std::optional<std::string> kept_token(const std::string &registry, const Scopes &scopes);
    [[nodiscard]] bool learn(const Endpoint &endpoint, const Scopes &scopes,
                             const std::vector<Challenge> &challenges);
    void forget_login(const oci::Reference &image, const std::string &used);
    [[nodiscard]] bool drop_token(const std::string &registry, const std::string &text);

    net::Client &network_;
    auth::CredentialProvider &credentials_;
    ServerNotes &notes_;
    const TlsByHost &tls_;
    Guarded<State> state_;
    KeyedLock<std::pair<std::string, Scopes>> fetching_;
    KeyedLock<std::string> finding_;
};

} // namespace mica::registry
