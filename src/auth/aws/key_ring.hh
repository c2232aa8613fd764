#pragma once
/// @file
/// The keys of this process, kept until they end.
#include "auth/aws/find_keys.hh"
#include "auth/aws/situation.hh"
#include "auth/variables.hh"
#include "base/clock.hh"
#include "net/client.hh"
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

namespace mica::auth::aws {

/// For whoever signs requests: registries, contexts in S3. Looks when first asked, and again some
/// minutes before the keys end. May be called from any thread; `network` and `clock` outlive it.
class KeyRing {
public:
    KeyRing(net::Client &network, Variables variables, const Clock &clock);

    /// Throws Error as find_keys() does; nullopt: there are none, `why` says where they were looked for.
    [[nodiscard]] std::optional<Keys> keys(const std::string &region, std::string &why,
                                           const std::stop_token &stop);
    /// Looks anew when asked next.
    void forget();

    /// For a request that is about `region`; reads the shared files. Throws Error (usage).
    [[nodiscard]] Situation situation(const std::string &region, const std::stop_token &stop);
    [[nodiscard]] Section profile();
    /// AWS_REGION, AWS_DEFAULT_REGION, the profile's.
    [[nodiscard]] std::optional<std::string> region();
    [[nodiscard]] const Variables &variables() const noexcept { return variables_; }
    [[nodiscard]] const Clock &clock() const noexcept { return clock_; }

private:
    const Profiles &profiles();

    net::Client &network_;
    const Variables variables_;
    const Clock &clock_;
    std::mutex mutex_; ///< held while keys are looked for: others wait for the result
    std::optional<Keys> kept_;
    std::once_flag read_;
    Profiles profiles_;
    std::shared_ptr<const net::Tls> tls_;
};

} // namespace mica::auth::aws
