#pragma once
/// @file
/// A client of registries with everything that a program may set, and with what only a program
/// that owns it asks for.
#include "base/event.hh"
#include "net/request.hh"
#include "registry/client.hh"
#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace mica::registry {

struct Settings {
    Options options{};
    unsigned parallel_uploads = 4; ///< blobs on their way at once, whoever sends them
    /// Where to look first for what is pulled from a registry ("docker.io"): "HOST[:PORT][/PREFIX]", in
    /// order.
    std::map<std::string, std::vector<std::string>> mirrors{};
    bool only_mirrors = false; ///< a registry that has mirrors is not asked itself
    /// Registries ("HOST[:PORT]") that have TLS though they are loopback addresses, or though "*" is among
    /// the insecure ones. "*": all may have it, also loopback addresses.
    std::vector<std::string> tls_registries{};
    /// What servers have to prove, by "HOST[:PORT]", as the network client has it: what is said of a
    /// registry counts for its token server, unless something is said of that.
    std::map<std::string, std::shared_ptr<const net::Tls>> tls{};
    /// A tag that cannot be moved, and that has another image, is left as it is.
    bool keep_immutable_tags = false;
    /// Makes a repository that does not exist; null: that is an error.
    std::function<void(const oci::Reference &, const std::stop_token &)> create_repository{};
    /// Is told which login serves a registry, what servers warn of, and how near their limits are.
    EventBus *bus = nullptr;
};

class Registry : public Client {
public:
    /// Whether the image could be pushed: begins an upload and drops it. Creates a repository that is
    /// missing, if the settings say so. Throws Error (not_found: there is no such repository; denied).
    virtual void check_push(const oci::Reference &image, const std::stop_token &stop) = 0;
    /// Whether the registry takes the login that there is for the image's registry (or needs none). Throws
    /// Error (denied).
    virtual void check_login(const oci::Reference &image, const std::stop_token &stop) = 0;
    /// The tags of the image's repository, in the registry's order; nullopt: there is no such repository.
    [[nodiscard]] virtual std::optional<std::vector<std::string>> tags(const oci::Reference &image,
                                                                       const std::stop_token &stop) = 0;
    /// What refers to the manifest whose digest `image` has: attestations, signatures.
    [[nodiscard]] virtual std::vector<oci::Descriptor> referrers(const oci::Reference &image,
                                                                 const std::stop_token &stop) = 0;
};

/// What is passed in outlives it.
[[nodiscard]] std::unique_ptr<Registry>
make_registry(Settings settings, auth::CredentialProvider &credentials, net::Client &network);

} // namespace mica::registry
