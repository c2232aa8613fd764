#include "cli/registry_access.hh"

#include "auth/aws/ecr_repository.hh"
#include "auth/clouds.hh"
#include "base/error.hh"
#include "cli/version.hh"
#include "io/fd.hh"
#include "net/certificates.hh"
#include "net/certificates_directory.hh"
#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace mica::cli {

namespace {

constexpr std::uint64_t longest_bundle = 16 * 1024 * 1024;
constexpr std::array certificate_directories{"/etc/docker/certs.d", "/etc/containers/certs.d"};

/// What servers have to prove, by their names.
class TlsTable {
public:
    explicit TlsTable(const RegistryOptions &options)
    {
        // Reading the system's certificates is only worth it where something is added to them.
        for (const auto *directory : certificate_directories)
            if (std::error_code error; std::filesystem::exists(directory, error))
                table_.merge(net::certificates_below(directory, trusted()));
        for (const auto &[host, file] : options.authorities)
            in_context([&] { return "reading --registry-ca"; },
                       [&] {
                           auto &tls = table_[host];
                           if (tls.ca_pem.empty())
                               tls.ca_pem = trusted() + "\n";
                           tls.ca_pem += read_file(file, longest_bundle) + "\n";
                       });
        for (const auto &[host, files] : options.client_certificates) {
            table_[host].client_certificate = files.certificate;
            table_[host].client_key = files.key;
        }
        for (const auto &host : options.skip_tls_verify)
            table_[host].verify = false;
        for (const auto &host : options.secure)
            table_[host].verify = true;
        for_all(options.secure);
    }

    /// Hosts that something is said of.
    [[nodiscard]] std::vector<std::string> hosts() const
    {
        std::vector<std::string> names;
        for (const auto &[host, tls] : table_)
            names.push_back(host);
        return names;
    }
    [[nodiscard]] std::map<std::string, std::shared_ptr<const net::Tls>> table() const
    {
        std::map<std::string, std::shared_ptr<const net::Tls>> out;
        for (const auto &[host, tls] : table_)
            out.emplace(host, std::make_shared<const net::Tls>(tls));
        return out;
    }

private:
    const std::string &trusted()
    {
        if (!trusted_)
            trusted_ = net::trusted_certificates({});
        return *trusted_;
    }
    /// What is said of every registry counts for those that more is said of, too,
    /// but not that any certificate will do for those in `but`.
    void for_all(const std::vector<std::string> &but)
    {
        const auto all = table_.find("*");
        if (all == table_.end())
            return;
        for (auto &[host, tls] : table_) {
            if (host == "*")
                continue;
            if (std::ranges::find(but, host) == but.end())
                tls.verify = tls.verify && all->second.verify;
            tls.ca_pem += all->second.ca_pem;
        }
    }

    std::optional<std::string> trusted_;
    std::map<std::string, net::Tls> table_;
};

net::Options network_options(const TlsTable &tls)
{
    net::Options options;
    options.user_agent = fmt::format("mica/{}", version());
    options.tls_by_host = tls.table();
    return options;
}

registry::Settings settings_from(const RegistryOptions &options, auth::aws::KeyRing &keys, EventBus &bus)
{
    registry::Settings settings;
    settings.options.insecure_registries = options.insecure;
    settings.options.retry.attempts = options.retries + 1;
    settings.options.upload_chunk_size = options.chunk_size;
    settings.parallel_uploads = options.uploads;
    settings.mirrors = options.mirrors;
    settings.only_mirrors = options.only_mirrors;
    settings.keep_immutable_tags = options.keep_immutable_tags;
    const TlsTable tls{options};
    settings.tls_registries = tls.hosts();
    settings.tls = tls.table();
    settings.bus = &bus;
    if (options.create_repositories)
        settings.create_repository = [&keys, &bus](const oci::Reference &image, const std::stop_token &stop) {
            auth::aws::create_repository(keys, image, stop);
            bus.publish(event::Note{
                event::Note::Level::info, fmt::format("created the repository {}", image.name()), {}});
        };
    return settings;
}

class FixedLogin final : public auth::CredentialProvider {
public:
    explicit FixedLogin(auth::Credential login) : login_{std::move(login)} {}
    [[nodiscard]] std::optional<auth::Credential> find(const oci::Reference &) override { return login_; }

private:
    auth::Credential login_;
};

} // namespace

RegistryAccess::RegistryAccess(const RegistryOptions &options, EventBus &bus, const std::stop_token &stop)
    : network_{network_options(TlsTable{options})}, keys_{network_, auth::Variables::of_process(), clock_},
      logins_{auth::every_provider(network_, auth::Variables::of_process(), clock_, keys_, options.helpers,
                                   bus, stop)},
      client_{registry::make_registry(settings_from(options, keys_, bus), *logins_, network_)}
{
}

RegistryAccess::RegistryAccess(const RegistryOptions &options, auth::Credential login, EventBus &bus,
                               const std::stop_token &)
    : network_{network_options(TlsTable{options})}, keys_{network_, auth::Variables{}, clock_},
      logins_{std::make_unique<FixedLogin>(std::move(login))},
      client_{registry::make_registry(settings_from(options, keys_, bus), *logins_, network_)}
{
}

} // namespace mica::cli
