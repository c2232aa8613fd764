#include "cli/kaniko/registry_flags.hh"

#include "cli/kaniko/flag_makers.hh"
#include "cli/values.hh"

namespace mica::cli::kaniko {

namespace {

constexpr unsigned most_retries = 1000;

Flag retries(std::string name, std::string help)
{
    return idle_value(std::move(name), "N", "0", std::move(help),
                      [](const std::string &given) { (void)parse_number(given, 0, most_retries); });
}

} // namespace

std::vector<Flag> push_flags(RegistryFlags &into)
{
    return {
        truth("insecure", "Plain HTTP to the registries that are pushed to.", into.insecure_push),
        retries("push-retry", "A push is tried five times, and goes on where an upload broke off."),
        idle_switch("skip-push-permission-check", "false",
                    "mica makes no trial upload before the build, which would need a right of its own; a "
                    "push that is "
                    "refused says what is missing."),
    };
}

std::vector<Flag> pull_flags(RegistryFlags &into, bool mirror_variable)
{
    const std::string later = "Not in this version.";
    auto mirror = repeated(refused_value("registry-mirror", "HOST[/PREFIX]", later));
    if (mirror_variable)
        mirror = with_variable(std::move(mirror), "KANIKO_REGISTRY_MIRROR");
    return {
        list(0, "insecure-registry", "HOST[:PORT]",
             "Plain HTTP to this registry; to loopback it is always allowed.", into.insecure_registries),
        refused_switch("insecure-pull", "Name the registries with --insecure-registry."),
        refused_switch("skip-tls-verify", later),
        refused_switch("skip-tls-verify-pull", later),
        repeated(refused_value("skip-tls-verify-registry", "HOST[:PORT]", later)),
        repeated(refused_value("registry-certificate", "HOST=FILE", later)),
        repeated(refused_value("registry-client-cert", "HOST=CERTIFICATE,KEY", later)),
        std::move(mirror),
        with_variable(repeated(refused_value("registry-map", "REGISTRY=NEW[/PREFIX][;…]", later)),
                      "KANIKO_REGISTRY_MAP"),
        refused_switch("skip-default-registry-fallback", later),
        retries("image-download-retry",
                "A pull is tried five times, and goes on where a download broke off."),
    };
}

} // namespace mica::cli::kaniko
