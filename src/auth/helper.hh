#pragma once
/// @file
/// docker's credential helpers: programs named docker-credential-NAME.
#include "auth/credentials.hh"
#include <chrono>
#include <optional>
#include <string>

namespace mica::auth {

/// Asks docker-credential-NAME for the login of a server (docker-credential-helpers' "get").
/// nullopt: the helper knows none. Throws Error (usage: a bad name; not_found: no such program;
/// denied: it failed) with the helper's own words.
[[nodiscard]] std::optional<Credential> ask_helper(const std::string &name, const std::string &server,
                                                   std::chrono::milliseconds timeout);

} // namespace mica::auth
