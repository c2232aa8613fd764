#pragma once
/// @file
/// Certificates that belong to one server, where docker and containers keep them.
/// https://docs.docker.com/engine/security/certificates/
#include "net/request.hh"
#include <filesystem>
#include <map>
#include <memory>
#include <string>

namespace mica::net {

/// DIRECTORY/HOST[:PORT]/: every *.crt is an authority to trust beside the system's (`trusted`, PEM),
/// NAME.cert with NAME.key proves who the client is. By "host" or "host:port". A directory that is not there
/// has none; throws Error (usage) for a NAME.cert without its key, Error for what cannot be read.
[[nodiscard]] std::map<std::string, Tls> certificates_below(const std::filesystem::path &directory,
                                                            const std::string &trusted);

} // namespace mica::net
