#include "verify/provenance.hh"

#include "base/error.hh"
#include "io/hash.hh"
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace mica::verify {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char *build_type = "urn:mica:dockerfile-build:v1";
constexpr const char *context_name = "context"; ///< among the dependencies
constexpr std::size_t most_bytes = std::size_t{16} << 20;

Json digest_json(const std::string &digest)
{
    const auto colon = digest.find(':');
    if (colon == std::string::npos)
        return {{"gitCommit", digest}};
    return {{digest.substr(0, colon), digest.substr(colon + 1)}};
}

Json request_json(const Provenance &from, bool all)
{
    Json request{{"frontend", "dockerfile"}};
    const auto put = [&](const char *name, const std::string &value) {
        if (!value.empty())
            request[name] = value;
    };
    put("target", from.target);
    put("platform", from.platform);
    put("compression", from.compression);
    put("fixups", from.fixups);
    if (from.epoch)
        request["sourceDateEpoch"] = *from.epoch;
    if (from.fixed_times)
        request["fixedTimes"] = true;
    if (from.reproducible)
        request["reproducible"] = true;
    if (all && !from.build_args.empty())
        request["buildArgs"] = from.build_args;
    if (all && !from.labels.empty())
        request["labels"] = from.labels;
    return request;
}

Json dependencies_json(const Provenance &from)
{
    Json list = Json::array();
    if (!from.context_uri.empty())
        list.push_back({{"uri", from.context_uri},
                        {"digest", digest_json(from.context_digest)},
                        {"name", context_name}});
    for (const auto &material : from.materials) {
        Json item{{"uri", material.uri}};
        if (!material.digest.empty())
            item["digest"] = digest_json(material.digest);
        item["name"] = material.name;
        list.push_back(std::move(item));
    }
    return list;
}

using Node = nlohmann::json;

std::string text_of(const Node &object, const char *key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

bool flag_of(const Node &object, const char *key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_boolean() && found->get<bool>();
}

std::map<std::string, std::string> texts_of(const Node &object, const char *key)
{
    std::map<std::string, std::string> texts;
    const auto found = object.find(key);
    if (found != object.end() && found->is_object())
        for (const auto &[name, value] : found->items())
            if (value.is_string())
                texts.emplace(name, value.get<std::string>());
    return texts;
}

std::string digest_of(const Node &item)
{
    const auto digests = texts_of(item, "digest");
    if (const auto commit = digests.find("gitCommit"); commit != digests.end())
        return commit->second;
    const auto sha256 = digests.find("sha256");
    return sha256 == digests.end() ? std::string{} : "sha256:" + sha256->second;
}

void read_request(const Node &request, Provenance &into)
{
    into.target = text_of(request, "target");
    into.platform = text_of(request, "platform");
    into.compression = text_of(request, "compression");
    into.fixups = text_of(request, "fixups");
    if (const auto epoch = request.find("sourceDateEpoch");
        epoch != request.end() && epoch->is_number_integer())
        into.epoch = epoch->get<std::int64_t>();
    into.fixed_times = flag_of(request, "fixedTimes");
    into.reproducible = flag_of(request, "reproducible");
    into.build_args = texts_of(request, "buildArgs");
    into.labels = texts_of(request, "labels");
}

} // namespace

std::string provenance_json(const Provenance &from, ProvenanceMode mode)
{
    const bool all = mode == ProvenanceMode::max;
    Json external{{"request", request_json(from, all)}};
    Json source = Json::object();
    if (!from.context_uri.empty())
        source = {{"uri", from.context_uri}, {"digest", digest_json(from.context_digest)}};
    source["path"] = from.dockerfile_name;
    external["configSource"] = std::move(source);
    Json internal{{"mode", all ? "max" : "min"}};
    if (from.dockerfile) {
        internal["dockerfileDigest"] = {{"sha256", sha256(*from.dockerfile).hex()}};
        if (all)
            internal["dockerfileText"] = *from.dockerfile;
    }
    Json definition{{"buildType", build_type}};
    definition["externalParameters"] = std::move(external);
    definition["internalParameters"] = std::move(internal);
    definition["resolvedDependencies"] = dependencies_json(from);
    const auto invocation = sha256(definition.dump()).hex();
    Json details{{"builder", {{"id", "urn:mica"}, {"version", {{"mica", from.version}}}}}};
    details["metadata"] = {{"invocationId", invocation},
                           {"startedOn", format_rfc3339(from.started)},
                           {"finishedOn", format_rfc3339(from.finished)}};
    const Json predicate{{"buildDefinition", std::move(definition)}, {"runDetails", std::move(details)}};
    return predicate.dump();
}

Provenance parse_provenance(std::string_view json)
{
    if (json.size() > most_bytes)
        throw Error{ErrorKind::integrity, "the provenance is too large"};
    const auto predicate = Node::parse(json, nullptr, false);
    if (!predicate.is_object() || !predicate.contains("buildDefinition"))
        throw Error{ErrorKind::integrity, "it is no SLSA v1 provenance"};
    const auto &definition = predicate["buildDefinition"];
    if (!definition.is_object() || text_of(definition, "buildType") != build_type)
        throw Error{ErrorKind::unsupported,
                    "the provenance is of another builder, whose inputs mica cannot read"}
            .with_hint("give the inputs yourself: --context DIR, --build-arg, --target");
    Provenance out;
    try {
        const auto &external = definition.at("externalParameters");
        read_request(external.at("request"), out);
        if (const auto source = external.find("configSource"); source != external.end()) {
            out.context_uri = text_of(*source, "uri");
            out.context_digest = digest_of(*source);
            out.dockerfile_name = text_of(*source, "path");
        }
        const auto &internal = definition.at("internalParameters");
        if (const auto text = internal.find("dockerfileText"); text != internal.end())
            out.dockerfile = text->get<std::string>();
        for (const auto &item : definition.at("resolvedDependencies"))
            if (text_of(item, "name") != context_name || text_of(item, "uri") != out.context_uri)
                out.materials.push_back({text_of(item, "name"), text_of(item, "uri"), digest_of(item)});
        const auto &details = predicate.at("runDetails");
        out.version = text_of(details.at("builder").at("version"), "mica");
        out.started = parse_rfc3339(text_of(details.at("metadata"), "startedOn"));
        out.finished = parse_rfc3339(text_of(details.at("metadata"), "finishedOn"));
    } catch (const Node::exception &error) {
        throw Error{ErrorKind::integrity, fmt::format("the provenance is broken: {}", error.what())};
    }
    return out;
}

} // namespace mica::verify
