#pragma once
/// @file
/// What the user lends to a build: secrets, agents, and rights. Everything here throws
/// Error (usage).
#include "cli/environment.hh"
#include "exec/build.hh"
#include "io/content.hh"
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

namespace mica::cli {

/// id=ID[,src=PATH][,env=NAME][,type=file|env]. Without src and env it is the variable
/// ID if there is one, else the file ID. A file must be there; it is read when a RUN
/// mounts it, and not more than BuildKit's limit of it.
[[nodiscard]] std::pair<std::string, ContentPtr> parse_secret(std::string_view text,
                                                              const Environment &environment);

/// "default", which is $SSH_AUTH_SOCK, or ID=SOCKET. Key files are refused: an agent holds
/// them better.
[[nodiscard]] std::pair<std::string, std::filesystem::path> parse_ssh(std::string_view text,
                                                                      const Environment &environment);

/// "network.host", "security.insecure", "device" or "device=NAME".
void add_entitlement(exec::Entitlements &allowed, std::string_view name);

} // namespace mica::cli
