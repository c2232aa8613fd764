#pragma once
/// @file
/// Remembering logins where docker does: in its config.json, or in the credential helper that it names.
#include "auth/credentials.hh"
#include "auth/variables.hh"
#include <filesystem>
#include <string>

namespace mica::auth {

/// $DOCKER_CONFIG/config.json, else HOME/.docker/config.json. Throws Error (usage) without either.
[[nodiscard]] std::filesystem::path login_file(const Variables &variables);

/// Keeps the login of a registry; everything else in the file stays. The file gets mode 0600. Returns where
/// it was kept, for the user: the file, or the helper. Throws Error.
std::string keep_login(const std::filesystem::path &file, const std::string &registry, const Basic &login);

/// Forgets it, in the helper and in the file. False: there was none. Throws Error.
bool forget_login(const std::filesystem::path &file, const std::string &registry);

} // namespace mica::auth
