#pragma once
/// @file
/// What the search for keys has at hand.
#include "auth/aws/profile.hh"
#include "auth/variables.hh"
#include "base/clock.hh"
#include "net/client.hh"
#include <memory>
#include <stop_token>
#include <string>

namespace mica::auth::aws {

/// All that it refers to outlives it.
struct Situation {
    net::Client &network;
    const Variables &variables;
    const Profiles &profiles;
    const Clock &clock;
    std::string region; ///< where none is configured: that of the registry
    std::stop_token stop;
    /// Of AWS_CA_BUNDLE; null: the client's own.
    std::shared_ptr<const net::Tls> tls{};
};

} // namespace mica::auth::aws
