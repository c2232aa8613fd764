#pragma once
/// @file
/// docker's config.json as a value: what it says about one registry.
#include "auth/credentials.hh"
#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mica::auth {

/// The fields that mica uses; all keys normalised (see normalize_server()).
struct DockerConfig {
    struct Login {
        std::string user, password, identity_token, registry_token;
    };
    std::map<std::string, Login> logins;        ///< "auths", those that say something
    std::map<std::string, std::string> helpers; ///< "credHelpers": registry to helper
    std::string store;                          ///< "credsStore"; empty: none
};

/// Throws Error (usage) naming `where`; never shows what stands in the text.
[[nodiscard]] DockerConfig parse_docker_config(std::string_view json, const std::string &where);

/// "https://index.docker.io/v1/", "registry-1.docker.io" and "docker.io" are one registry;
/// scheme, "/v1/", "/v2/" and a trailing slash say nothing. A path stays: containers' auth.json
/// may name a namespace.
[[nodiscard]] std::string normalize_server(std::string_view key);

/// The value under the longest key that is the image's registry or a part of its full name.
template <class Value>
[[nodiscard]] const Value *longest_match(const std::map<std::string, Value> &values,
                                         const oci::Reference &image)
{
    for (std::string name = image.name();;) {
        if (const auto found = values.find(name); found != values.end())
            return &found->second;
        const auto slash = name.rfind('/');
        if (slash == std::string::npos)
            return nullptr;
        name.resize(slash);
    }
}

/// Where configurations are looked for, in order.
struct DockerConfigPlaces {
    struct Place {
        std::string name;                  ///< told to the user
        std::optional<std::string> text{}; ///< the JSON itself …
        std::filesystem::path file{};      ///< … or the file that has it, if there is one
        bool required = false;             ///< a file that the user named must be there
    };
    std::vector<Place> places;
    std::chrono::milliseconds helper_timeout{60'000};
};

/// DOCKER_AUTH_CONFIG (the JSON itself), DOCKER_CONFIG/config.json or HOME/.docker/config.json,
/// REGISTRY_AUTH_FILE, XDG_RUNTIME_DIR/containers/auth.json, HOME/.config/containers/auth.json.
[[nodiscard]] DockerConfigPlaces docker_config_places();

/// Files are read anew for each question, so a login made meanwhile counts.
[[nodiscard]] std::unique_ptr<CredentialProvider> docker_config_provider(DockerConfigPlaces places);

} // namespace mica::auth
