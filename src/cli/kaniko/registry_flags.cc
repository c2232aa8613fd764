#include "cli/kaniko/registry_flags.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "cli/kaniko/flag_makers.hh"
#include "cli/values.hh"
#include "net/url.hh"
#include <algorithm>
#include <fmt/format.h>

namespace mica::cli::kaniko {

namespace {

constexpr unsigned most_retries = 1000;
constexpr auto hub = "docker.io";

/// Every request is tried again a few times anyway; Kaniko's counts are for whole pushes and pulls.
Flag retries(std::string name, std::string help, RegistryFlags &into)
{
    return with_default(value(std::move(name), "N", std::move(help),
                              [&into](const std::string &given) {
                                  into.retries =
                                      std::max(into.retries,
                                               static_cast<unsigned>(parse_number(given, 0, most_retries)));
                              }),
                        "0");
}

/// NAME=VALUE, both of them there.
std::pair<std::string, std::string> needed_pair(std::string_view text)
{
    auto [name, value] = parse_name_value(text);
    if (name.empty() || value.value_or("").empty())
        throw Error{ErrorKind::usage, fmt::format("\"{}\" is not of the form NAME=VALUE", text)};
    return {name == "index.docker.io" ? hub : name, *value};
}

/// "index.docker.io=mirror.example/hub;quay.io=mirror.example/quay".
void add_maps(RegistryOptions &into, const std::string &given)
{
    for (const auto part : split(given, ';')) {
        if (trim(part).empty())
            continue;
        auto [registry, place] = needed_pair(trim(part));
        into.mirrors[registry].push_back(std::move(place));
    }
}

void add_client_certificate(RegistryOptions &into, const std::string &given)
{
    const auto [host, files] = needed_pair(given);
    const auto comma = files.find(',');
    if (comma == std::string::npos)
        throw Error{ErrorKind::usage, "a client certificate needs its key: HOST=CERTIFICATE,KEY"};
    into.client_certificates[host] = {files.substr(0, comma), files.substr(comma + 1)};
}

std::vector<Flag> connection_flags(RegistryFlags &into)
{
    auto &options = into.options;
    return {
        list(0, "insecure-registry", "HOST[:PORT]",
             "This registry may be spoken to in plain HTTP, if it has no TLS; to loopback addresses it is "
             "always allowed.",
             options.insecure),
        truth("insecure-pull", "The same for every registry that is pulled from.", into.insecure_pull),
        truth("skip-tls-verify", "Any certificate of a registry is believed, for pushes and pulls.",
              into.skip_tls_verify),
        truth("skip-tls-verify-pull",
              "Any certificate of a registry is believed, but for those of the destinations.",
              into.skip_tls_verify_pull),
        list(0, "skip-tls-verify-registry", "HOST[:PORT]", "Any certificate of this registry is believed.",
             options.skip_tls_verify),
        repeated(value(
            "registry-certificate", "HOST=FILE",
            "A PEM file of authorities that this registry (and its token server) is trusted for, "
            "beside the system's.",
            [&options](const std::string &given) { options.authorities.emplace_back(needed_pair(given)); })),
        repeated(value("registry-client-cert", "HOST=CERTIFICATE,KEY",
                       "PEM files that prove to this registry who the client is.",
                       [&options](const std::string &given) { add_client_certificate(options, given); })),
    };
}

bool contains(const std::vector<std::string> &names, const std::string &name)
{
    return std::ranges::find(names, name) != names.end();
}

/// What is said of pulls does not count for destinations. Loopback addresses need no TLS, and are not made
/// to have it.
void keep_secure(RegistryOptions &options, std::span<const oci::Reference> destinations)
{
    for (const auto &name : destinations) {
        const auto &registry = name.registry();
        const bool is_named =
            contains(options.insecure, registry) || contains(options.skip_tls_verify, registry);
        if (!is_named && !net::is_loopback(net::Url::parse("https://" + registry).host()))
            options.secure.push_back(registry);
    }
}

} // namespace

Flag destination_flag(std::vector<oci::Reference> &into)
{
    auto flag = repeated(
        value("destination", "NAME[:TAG]", "A name to push the image to.", [&into](const std::string &given) {
            auto name = oci::Reference::parse(given);
            if (name.digest())
                throw Error{ErrorKind::usage,
                            fmt::format("\"{}\" has a digest; an image is pushed to a tag", given)};
            into.push_back(std::move(name));
        }));
    flag.short_name = 'd';
    return flag;
}

std::vector<Flag> push_flags(RegistryFlags &into)
{
    return {
        truth("insecure",
              "The registries that are pushed to may be spoken to in plain HTTP, if they have no TLS.",
              into.insecure_push),
        retries(
            "push-retry",
            "Each request of a push is tried again at most so many times, and at least four times; an upload "
            "that broke off goes on where it was.",
            into),
        truth("push-ignore-immutable-tag-errors",
              "A tag that is there already and must not change keeps its image, and that is no failure.",
              into.options.keep_immutable_tags),
        truth("skip-push-permission-check",
              "It is not tried before the build whether the destinations can be pushed to.",
              into.skip_push_check),
    };
}

std::vector<Flag> pull_flags(RegistryFlags &into, bool mirror_variable)
{
    auto mirror =
        list(0, "registry-mirror", "HOST[:PORT][/PREFIX]",
             "Images of Docker Hub are pulled from here if they are there; several are asked in order.",
             into.hub_mirrors);
    if (mirror_variable)
        mirror = with_variable(std::move(mirror), "KANIKO_REGISTRY_MIRROR");
    auto flags = connection_flags(into);
    flags.push_back(std::move(mirror));
    flags.push_back(with_variable(
        repeated(value(
            "registry-map", "REGISTRY=HOST[:PORT][/PREFIX][;...]",
            "Images of this registry are pulled from there if they are there; Docker Hub is docker.io or "
            "index.docker.io.",
            [&into](const std::string &given) { add_maps(into.options, given); })),
        "KANIKO_REGISTRY_MAP"));
    flags.push_back(truth("skip-default-registry-fallback",
                          "A registry that has mirrors or is mapped is not asked itself.",
                          into.options.only_mirrors));
    flags.push_back(retries(
        "image-download-retry",
        "Each request of a pull is tried again at most so many times, and at least four times; a download "
        "that broke off goes on where it was.",
        into));
    return flags;
}

Flag helpers_flag(RegistryFlags &into)
{
    auto flag = repeated(
        value("credential-helpers", "NAME[,NAME]",
              "Where logins are looked for, in this order, after docker's config.json: env (the variables "
              "KANIKO_HOST_USER and KANIKO_HOST_PASSWORD), google, ecr, acr, gitlab. Empty: nowhere else.",
              [&into](const std::string &given) {
                  auto &helpers = into.helpers ? *into.helpers : into.helpers.emplace();
                  for (const auto part : split(given, ','))
                      if (!trim(part).empty())
                          helpers.push_back(auth::parse_helper(trim(part)));
              }));
    return with_default(std::move(flag), "env,google,ecr,acr,gitlab");
}

RegistryOptions registry_options_of(const RegistryFlags &flags, std::span<const oci::Reference> destinations)
{
    using auth::Helper;
    auto options = flags.options;
    options.helpers = flags.helpers.value_or(
        std::vector{Helper::environment, Helper::google, Helper::ecr, Helper::azure, Helper::gitlab});
    options.retries = std::max(options.retries, flags.retries);
    for (const auto &mirror : flags.hub_mirrors)
        options.mirrors[hub].push_back(mirror);
    if (flags.insecure_push)
        for (const auto &name : destinations)
            options.insecure.push_back(name.registry());
    if (flags.insecure_pull || flags.skip_tls_verify_pull)
        keep_secure(options, destinations);
    if (flags.insecure_pull)
        options.insecure.emplace_back("*");
    if (flags.skip_tls_verify || flags.skip_tls_verify_pull)
        options.skip_tls_verify.emplace_back("*");
    if (flags.skip_tls_verify)
        options.secure.clear();
    return options;
}

} // namespace mica::cli::kaniko
