#include "auth/aws/ecr_provider.hh"

#include "auth/aws/ecr_host.hh"
#include "auth/aws/ecr_token.hh"
#include "auth/renewable.hh"
#include "base/error.hh"
#include <fmt/format.h>
#include <map>
#include <mutex>

namespace mica::auth::aws {

namespace {

struct Kept {
    EcrToken token;
    std::string source;
};

/// Without the port: a test's registry has one.
std::string host_of(const oci::Reference &image)
{
    const auto &registry = image.registry();
    return registry.substr(0, registry.find(':'));
}

class EcrProvider final : public RenewableProvider {
public:
    EcrProvider(KeyRing &keys, EventBus &bus, std::stop_token stop)
        : keys_{keys}, bus_{bus}, stop_{std::move(stop)}
    {
    }

    [[nodiscard]] std::optional<Credential> find(const oci::Reference &image) override
    {
        const auto host = parse_ecr_host(host_of(image));
        if (!host)
            return std::nullopt;
        return in_context([&] { return fmt::format("looking for a login to {}", image.registry()); },
                          [&] { return host->is_public ? find_public(*host) : find_private(*host); });
    }

    void refused(const oci::Reference &image, const Credential &credential) override
    {
        const auto host = parse_ecr_host(host_of(image));
        const auto *login = std::get_if<Basic>(&credential.secret);
        if (!host || login == nullptr)
            return;
        const std::scoped_lock lock{mutex_};
        const auto kept = kept_.find(host->api_host());
        // Somebody else may have a new one already.
        if (kept == kept_.end() || kept->second.token.login.password != login->password)
            return;
        kept_.erase(kept);
        // The keys may have ended before their time, too.
        keys_.forget();
    }

private:
    std::optional<Credential> find_private(const EcrHost &host)
    {
        std::string why;
        if (auto found = get(host, why))
            return found;
        throw Error{ErrorKind::denied, fmt::format("there are no AWS keys for ECR: {}", why)}.with_hint(
            "set AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE, AWS_PROFILE or AWS_ACCESS_KEY_ID, or give the "
            "registry's login in docker's config.json");
    }

    /// Everybody may pull there.
    std::optional<Credential> find_public(const EcrHost &host)
    {
        std::string why;
        try {
            return get(host, why);
        } catch (const Error &error) {
            if (error.kind() != ErrorKind::denied)
                throw;
            bus_.publish(
                event::Note{event::Note::Level::warning,
                            fmt::format("going to public.ecr.aws without a login: {}", error.message()),
                            {}});
            return std::nullopt;
        }
    }

    std::optional<Credential> get(const EcrHost &host, std::string &why)
    {
        const std::scoped_lock lock{mutex_}; // one asks, the others wait for what it gets
        const auto name = host.api_host();
        const auto kept = kept_.find(name);
        const auto now = keys_.clock().now();
        if (kept != kept_.end()) {
            const auto &token = kept->second.token;
            if (now < token.fetched + (token.expires - token.fetched) / 2)
                return credential(kept->second);
        }
        try {
            const auto found = keys_.keys(host.region, why, stop_);
            if (!found)
                return std::nullopt;
            auto token =
                get_authorization_token(keys_.situation(host.region, stop_), keys_.profile(), host, *found);
            const auto entry = kept_.insert_or_assign(name, Kept{std::move(token), found->source}).first;
            return credential(entry->second);
        } catch (const Error &) {
            // An old token is better than none.
            if (kept == kept_.end() || now >= kept->second.token.expires)
                throw;
            return credential(kept->second);
        }
    }

    static Credential credential(const Kept &kept)
    {
        return {kept.token.login, fmt::format("AWS: {}", kept.source)};
    }

    KeyRing &keys_;
    EventBus &bus_;
    const std::stop_token stop_;
    std::mutex mutex_;
    std::map<std::string, Kept> kept_;
};

} // namespace

std::unique_ptr<CredentialProvider> ecr_provider(KeyRing &keys, EventBus &bus, std::stop_token stop)
{
    return std::make_unique<EcrProvider>(keys, bus, std::move(stop));
}

} // namespace mica::auth::aws
