#include "cli/registry_options.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "cli/values.hh"
#include <charconv>
#include <fmt/format.h>

namespace mica::cli {

namespace {

constexpr std::uint64_t least_chunk = std::uint64_t{64} * 1024;
constexpr std::uint64_t most_chunk = std::uint64_t{100} * 1024 * 1024;
constexpr int most_uploads = 64;
constexpr int most_retries = 100;

OptionSpec each(std::string names, std::string value_name, std::string help,
                std::function<void(const std::string &)> apply)
{
    return {std::move(names), std::move(value_name), std::move(help), true, std::move(apply)};
}

OptionSpec once(std::string names, std::string value_name, std::string help,
                std::function<void(const std::string &)> apply)
{
    return {std::move(names), std::move(value_name), std::move(help), false, std::move(apply)};
}

OptionSpec flag(std::string names, std::string help, bool &into)
{
    return once(std::move(names), "", std::move(help),
                [&into](const std::string &value) { into = parse_switch(value); });
}

std::pair<std::string, std::string> needed_pair(const std::string &text)
{
    auto [name, value] = parse_name_value(text);
    if (name.empty() || value.value_or("").empty())
        throw Error{ErrorKind::usage, fmt::format("\"{}\" is not of the form NAME=VALUE", text)};
    return {name == "index.docker.io" ? "docker.io" : name, *value};
}

void add_authority(RegistryOptions &into, const std::string &text)
{
    const auto [name, value] = parse_name_value(text);
    if (value)
        into.authorities.emplace_back(name, *value);
    else
        into.authorities.emplace_back("*", name);
}

void add_client_certificate(RegistryOptions &into, const std::string &text)
{
    const auto [host, files] = needed_pair(text);
    const auto comma = files.find(',');
    if (comma == std::string::npos)
        throw Error{ErrorKind::usage, "a client certificate needs its key: HOST=CERTIFICATE,KEY"};
    into.client_certificates[host] = {files.substr(0, comma), files.substr(comma + 1)};
}

std::uint64_t parse_chunk(const std::string &text)
{
    const auto size = parse_size(text);
    if (size != 0 && (size < least_chunk || size > most_chunk))
        throw Error{ErrorKind::usage, fmt::format("a piece has from {} KiB to {} MiB", least_chunk / 1024,
                                                  most_chunk / 1024 / 1024)};
    return size;
}

} // namespace

std::uint64_t parse_size(std::string_view text)
{
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    auto unit = to_lower(trim(text.substr(static_cast<std::size_t>(end - text.data()))));
    if (unit.ends_with("ib"))
        unit.resize(unit.size() - 2);
    else if (unit.size() == 2 && unit.back() == 'b')
        unit.pop_back();
    const std::map<std::string, unsigned> shifts{{"", 0}, {"b", 0}, {"k", 10}, {"m", 20}, {"g", 30}};
    const auto shift = shifts.find(unit);
    if (error != std::errc{} || end == text.data() || shift == shifts.end() ||
        value > (std::uint64_t{1} << 33))
        throw Error{ErrorKind::usage, fmt::format("\"{}\" is no size, such as 10MiB", text)};
    return value << shift->second;
}

std::vector<OptionSpec> connection_options(RegistryOptions &into)
{
    return {
        each("--skip-tls-verify", "HOST[:PORT]",
             "Speak TLS to this registry, but believe any certificate; \"*\" means every registry.",
             [&](const std::string &value) { into.skip_tls_verify.push_back(value); }),
        each("--registry-ca", "[HOST[:PORT]=]FILE",
             "A PEM file of certificate authorities to trust beside the system's, for one registry or for "
             "all. "
             "Those in /etc/docker/certs.d and /etc/containers/certs.d are found without it.",
             [&](const std::string &value) { add_authority(into, value); }),
        each("--registry-client-cert", "HOST[:PORT]=CERTIFICATE,KEY",
             "PEM files that prove to a registry who the client is.",
             [&](const std::string &value) { add_client_certificate(into, value); }),
        each("--registry-mirror", "REGISTRY=HOST[:PORT][/PREFIX]",
             "Pull the images of a registry (docker.io) from here if they are there, else from the registry "
             "itself.",
             [&](const std::string &value) {
                 const auto [registry, mirror] = needed_pair(value);
                 into.mirrors[registry].push_back(mirror);
             }),
        flag("--only-mirrors", "Do not ask a registry that has mirrors itself.", into.only_mirrors),
    };
}

OptionSpec insecure_option(RegistryOptions &into)
{
    return each(
        "--insecure-registry", "HOST[:PORT]",
        "Speak plain HTTP to this registry (to loopback it is always allowed); \"*\" means every registry.",
        [&](const std::string &value) { into.insecure.push_back(value); });
}

std::vector<OptionSpec> push_options(RegistryOptions &into)
{
    return {
        once("--push-chunk-size", "SIZE",
             "Send blobs in pieces of this size; 0 sends each in one (default: what is best for the "
             "registry).",
             [&](const std::string &value) { into.chunk_size = parse_chunk(value); }),
        once("--push-concurrency", "N", "Send at most so many blobs at once (default: 4).",
             [&](const std::string &value) {
                 into.uploads = static_cast<unsigned>(parse_number(value, 1, most_uploads));
             }),
        once("--push-retry", "N",
             "Try a request again at most so many times, with growing pauses (default: 4).",
             [&](const std::string &value) {
                 into.retries = static_cast<unsigned>(parse_number(value, 0, most_retries));
             }),
        flag("--push-ignore-immutable-tag-errors",
             "A tag that the registry does not let be moved keeps its image; that is a warning, no failure.",
             into.keep_immutable_tags),
        flag("--ecr-create-repository", "Create a repository of Amazon's ECR that does not exist yet.",
             into.create_repositories),
    };
}

} // namespace mica::cli
