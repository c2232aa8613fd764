#include "auth/renewable.hh"

namespace mica::auth {

namespace {

class Chain final : public RenewableProvider {
public:
    explicit Chain(std::vector<std::unique_ptr<CredentialProvider>> providers)
        : providers_{std::move(providers)}
    {
    }

    [[nodiscard]] std::optional<Credential> find(const oci::Reference &image) override
    {
        for (const auto &provider : providers_)
            if (auto found = provider->find(image))
                return found;
        return std::nullopt;
    }

    void refused(const oci::Reference &image, const Credential &credential) override
    {
        for (const auto &provider : providers_)
            if (auto *renewable = dynamic_cast<RenewableProvider *>(provider.get()))
                renewable->refused(image, credential);
    }

private:
    std::vector<std::unique_ptr<CredentialProvider>> providers_;
};

} // namespace

std::unique_ptr<CredentialProvider> chain(std::vector<std::unique_ptr<CredentialProvider>> providers)
{
    return std::make_unique<Chain>(std::move(providers));
}

} // namespace mica::auth
