#pragma once
/// @file
/// What the user says about registries, for every command that speaks to one.
#include "auth/clouds.hh"
#include "cli/option.hh"
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mica::cli {

struct RegistryOptions {
    std::vector<std::string> insecure;        ///< HOST[:PORT] or "*": plain HTTP
    std::vector<std::string> skip_tls_verify; ///< HOST[:PORT] or "*"
    /// HOST[:PORT] that have TLS and a certificate that is believed, whatever is said of "*".
    std::vector<std::string> secure;
    /// By HOST[:PORT], "*" for every registry.
    std::vector<std::pair<std::string, std::filesystem::path>> authorities;
    struct ClientCertificate {
        std::filesystem::path certificate, key;
    };
    std::map<std::string, ClientCertificate> client_certificates;
    std::map<std::string, std::vector<std::string>> mirrors;
    bool only_mirrors = false;
    std::vector<auth::Helper> helpers = auth::usual_helpers(); ///< where logins are looked for

    std::optional<std::uint64_t> chunk_size; ///< of a piece of a blob; zero: in one
    unsigned uploads = 4;
    unsigned retries = 4;
    bool keep_immutable_tags = false;
    bool create_repositories = false;
};

/// Those of pulling and of connections.
[[nodiscard]] std::vector<OptionSpec> connection_options(RegistryOptions &into);
/// --insecure-registry, which goes with them.
[[nodiscard]] OptionSpec insecure_option(RegistryOptions &into);
/// Those of pushing.
[[nodiscard]] std::vector<OptionSpec> push_options(RegistryOptions &into);

/// "10MiB", "16m", "5242880"; zero is allowed. Throws Error (usage).
[[nodiscard]] std::uint64_t parse_size(std::string_view text);

} // namespace mica::cli
