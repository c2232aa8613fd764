#pragma once
/// @file
/// Exchanges with registries: authorized, retried, refusals turned into errors.
#include "base/error.hh"
#include "base/guarded.hh"
#include "io/stream.hh"
#include "net/client.hh"
#include "net/retry.hh"
#include "registry/authorizer.hh"
#include "registry/client.hh"
#include "registry/endpoint.hh"
#include "registry/keyed_lock.hh"
#include "registry/refusal.hh"
#include "registry/registry.hh"
#include "registry/server_notes.hh"
#include <fmt/format.h>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

namespace mica::registry {

/// What a request is about: where, whose, and what it may do.
struct Subject {
    const Endpoint &endpoint;
    const oci::Reference &image;
    Scopes scopes;
};

/// An answer; of one that says no (400 and above) the body is in `text`, bounded.
struct Answer {
    int status = 0;
    net::Headers headers;
    net::Url url;
    std::string text;
    std::unique_ptr<Source> body;
};

/// May be used from any thread.
class Session {
public:
    Session(net::Client &network, auth::CredentialProvider &credentials, Settings settings)
        : network_{network}, settings_{std::move(settings)}, notes_{settings_.bus},
          authorizer_{network, credentials, notes_, settings_.tls}
    {
    }

    /// Where a registry is. One that may have no TLS is asked, once: it is spoken to in plain HTTP only if
    /// it does not answer over TLS, whatever its certificate.
    [[nodiscard]] Endpoint endpoint(const std::string &registry);
    [[nodiscard]] net::Client &network() noexcept { return network_; }
    [[nodiscard]] const net::RetryPolicy &policy() const noexcept { return settings_.options.retry; }
    [[nodiscard]] const Settings &settings() const noexcept { return settings_; }

    /// Sends once, but again after a challenge. Authorization goes to the endpoint alone.
    [[nodiscard]] Answer send(const Subject &subject, const net::Request &request,
                              const std::stop_token &stop);

    /// The error for an answer: "HOST refused ACTION: …", and whose login it was.
    [[nodiscard]] Refused refusal(const Subject &subject, const Answer &answer,
                                  std::string_view action) const;

    /// Runs `body` until it succeeds or fails for good; what passes is tried again after a pause.
    template <class Body> auto retrying(const std::stop_token &stop, Body &&body) -> decltype(body())
    {
        for (unsigned tried = 1;; ++tried) {
            std::chrono::milliseconds pause{};
            try {
                return body();
            } catch (net::Failure &failure) {
                pause = pause_after(failure, tried, {.failure = failure.failure()});
            } catch (Refused &refused) {
                pause = pause_after(refused, tried, refused.outcome());
            }
            net::pause_for(pause, stop);
        }
    }

    /// The pause before the next attempt; throws what is being handled when there is none.
    [[nodiscard]] std::chrono::milliseconds pause_after(Error &error, unsigned tried,
                                                        const net::Outcome &outcome) const;

private:
    [[nodiscard]] Answer send_with_login(const Subject &subject, const net::Request &request,
                                         const std::stop_token &stop);
    [[nodiscard]] Answer exchange(const net::Request &request, const std::stop_token &stop);
    [[nodiscard]] bool speaks_tls(const net::Url &base);

    net::Client &network_;
    const Settings settings_;
    ServerNotes notes_;
    Authorizer authorizer_;
    KeyedLock<std::string> asking_;
    Guarded<std::map<std::string, bool>> has_tls_; ///< of the registries that may be plain
};

} // namespace mica::registry
