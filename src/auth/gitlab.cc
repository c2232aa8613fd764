#include "auth/clouds.hh"

#include "auth/docker_config.hh"

namespace mica::auth {

namespace {

class GitlabProvider final : public CredentialProvider {
public:
    explicit GitlabProvider(Variables variables) : variables_{std::move(variables)} {}

    [[nodiscard]] std::optional<Credential> find(const oci::Reference &image) override
    {
        if (is_server("CI_REGISTRY", image))
            return registry_login();
        if (is_server("CI_DEPENDENCY_PROXY_SERVER", image))
            return pair("CI_DEPENDENCY_PROXY_USER", "CI_DEPENDENCY_PROXY_PASSWORD");
        return std::nullopt;
    }

private:
    [[nodiscard]] bool is_server(const char *name, const oci::Reference &image) const
    {
        const auto server = variables_.get(name);
        return server && normalize_server(*server) == image.registry();
    }

    [[nodiscard]] std::optional<Credential> pair(const char *user, const char *password) const
    {
        const auto name = variables_.get(user), secret = variables_.get(password);
        if (!name || !secret)
            return std::nullopt;
        return Credential{Basic{*name, *secret}, std::string{"GitLab ("} + user + ")"};
    }

    [[nodiscard]] std::optional<Credential> registry_login() const
    {
        if (auto found = pair("CI_REGISTRY_USER", "CI_REGISTRY_PASSWORD"))
            return found;
        const auto token = variables_.get("CI_JOB_TOKEN");
        return token ? std::optional{Credential{Basic{"gitlab-ci-token", *token}, "GitLab (CI_JOB_TOKEN)"}}
                     : std::nullopt;
    }

    const Variables variables_;
};

} // namespace

std::unique_ptr<CredentialProvider> gitlab_provider(Variables variables)
{
    return std::make_unique<GitlabProvider>(std::move(variables));
}

} // namespace mica::auth
