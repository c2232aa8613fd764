#include "auth/credentials.hh"

namespace mica::auth {

namespace {

class Chain final : public CredentialProvider {
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

private:
    std::vector<std::unique_ptr<CredentialProvider>> providers_;
};

} // namespace

std::unique_ptr<CredentialProvider> chain(std::vector<std::unique_ptr<CredentialProvider>> providers)
{
    return std::make_unique<Chain>(std::move(providers));
}

} // namespace mica::auth
