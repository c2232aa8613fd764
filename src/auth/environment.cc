#include "auth/clouds.hh"

#include "base/text.hh"
#include <algorithm>
#include <fmt/format.h>
#include <string_view>

namespace mica::auth {

namespace {

class EnvironmentProvider final : public CredentialProvider {
public:
    explicit EnvironmentProvider(Variables variables) : variables_{std::move(variables)} {}

    [[nodiscard]] std::optional<Credential> find(const oci::Reference &image) override
    {
        const auto &registry = image.registry();
        std::string_view host{registry};
        host = host.substr(0, host.find(':'));
        while (!host.empty()) {
            const auto prefix = "KANIKO_" + as_variable(host);
            const auto user = variables_.get(prefix + "_USER"),
                       password = variables_.get(prefix + "_PASSWORD");
            if (user && password)
                return Credential{Basic{*user, *password}, fmt::format("the variable {}_USER", prefix)};
            const auto dot = host.find('.');
            host = dot == std::string_view::npos ? std::string_view{} : host.substr(dot + 1);
        }
        return std::nullopt;
    }

private:
    static std::string as_variable(std::string_view host)
    {
        auto name = to_upper(host);
        std::ranges::replace_if(name, [](char c) { return c == '.' || c == '-'; }, '_');
        return name;
    }

    const Variables variables_;
};

} // namespace

std::unique_ptr<CredentialProvider> environment_provider(Variables variables)
{
    return std::make_unique<EnvironmentProvider>(std::move(variables));
}

} // namespace mica::auth
