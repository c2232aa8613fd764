#include "auth/docker_config.hh"

#include "auth/helper.hh"
#include "base/error.hh"
#include "io/fd.hh"
#include <algorithm>
#include <array>
#include <cstdlib>
#include <fmt/format.h>

namespace mica::auth {

namespace {

constexpr std::uint64_t file_limit = 4 * 1024 * 1024;

/// Helpers of clouds that mica speaks to by itself: where the program is missing, a
/// configuration that names one still means "log in to that cloud".
constexpr std::array built_in{"ecr-login", "gcr", "gcloud", "acr-env", "gitlab-login"};

std::string variable(const char *name)
{
    const char *value = std::getenv(name);
    return value != nullptr ? value : "";
}

Credential credential_of(const DockerConfig::Login &login, const std::string &where)
{
    const auto source = "auths in " + where;
    if (!login.registry_token.empty())
        return {RegistryToken{login.registry_token}, source};
    if (!login.identity_token.empty())
        return {IdentityToken{login.identity_token}, source};
    return {Basic{login.user, login.password}, source};
}

class DockerConfigProvider final : public CredentialProvider {
public:
    explicit DockerConfigProvider(DockerConfigPlaces places) : places_{std::move(places)} {}

    [[nodiscard]] std::optional<Credential> find(const oci::Reference &image) override
    {
        for (const auto &place : places_.places) {
            const auto text = read(place);
            if (!text)
                continue;
            const auto config = parse_docker_config(*text, place.name);
            if (auto found = look_up(config, place.name, image))
                return found;
        }
        return std::nullopt;
    }

private:
    static std::optional<std::string> read(const DockerConfigPlaces::Place &place)
    try {
        return place.text ? *place.text : read_file(place.file, file_limit);
    } catch (const Error &error) {
        if (error.kind() == ErrorKind::not_found && !place.required)
            return std::nullopt;
        throw;
    }

    [[nodiscard]] std::optional<Credential> look_up(const DockerConfig &config, const std::string &where,
                                                    const oci::Reference &image) const
    {
        const auto *helper = longest_match(config.helpers, image);
        const auto &name = helper != nullptr ? *helper : config.store;
        if (!name.empty())
            if (auto found = ask(name, image, where))
                return found;
        const auto *login = longest_match(config.logins, image);
        return login != nullptr ? std::optional{credential_of(*login, where)} : std::nullopt;
    }

    [[nodiscard]] std::optional<Credential> ask(const std::string &name, const oci::Reference &image,
                                                const std::string &where) const
    try {
        const auto &registry = image.registry();
        return in_context([&] { return fmt::format("asking the credential helper that {} names", where); },
                          [&] {
                              return ask_helper(
                                  name, registry == "docker.io" ? "https://index.docker.io/v1/" : registry,
                                  places_.helper_timeout);
                          });
    } catch (Error &error) {
        if (error.kind() != ErrorKind::not_found)
            throw;
        if (std::ranges::find(built_in, name) != built_in.end())
            return std::nullopt;
        error.set_hint(fmt::format("install docker-credential-{}, or remove it from {}", name, where));
        throw;
    }

    DockerConfigPlaces places_;
};

} // namespace

DockerConfigPlaces docker_config_places()
{
    DockerConfigPlaces found;
    const auto add = [&](const std::filesystem::path &file, bool required = false) {
        found.places.push_back({.name = file.string(), .file = file, .required = required});
    };
    const auto home = variable("HOME");
    if (auto text = variable("DOCKER_AUTH_CONFIG"); !text.empty())
        found.places.push_back({.name = "DOCKER_AUTH_CONFIG", .text = std::move(text)});
    if (const auto directory = variable("DOCKER_CONFIG"); !directory.empty())
        add(std::filesystem::path{directory} / "config.json");
    else if (!home.empty())
        add(std::filesystem::path{home} / ".docker/config.json");
    if (const auto file = variable("REGISTRY_AUTH_FILE"); !file.empty())
        add(file, true);
    if (const auto directory = variable("XDG_RUNTIME_DIR"); !directory.empty())
        add(std::filesystem::path{directory} / "containers/auth.json");
    if (const auto directory = variable("XDG_CONFIG_HOME"); !directory.empty())
        add(std::filesystem::path{directory} / "containers/auth.json");
    else if (!home.empty())
        add(std::filesystem::path{home} / ".config/containers/auth.json");
    return found;
}

std::unique_ptr<CredentialProvider> docker_config_provider(DockerConfigPlaces places)
{
    return std::make_unique<DockerConfigProvider>(std::move(places));
}

std::unique_ptr<CredentialProvider> docker_config_provider()
{
    return docker_config_provider(docker_config_places());
}

} // namespace mica::auth
