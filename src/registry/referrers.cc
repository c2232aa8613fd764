#include "registry/referrers.hh"

#include "io/hash.hh"
#include "oci/json.hh"
#include "registry/manifests.hh"
#include <algorithm>
#include <nlohmann/json.hpp>

namespace mica::registry {

namespace {

using Json = nlohmann::json;

constexpr std::uint64_t list_limit = 4 * 1024 * 1024;

oci::Reference tag_of(const oci::Reference &image, const Digest &subject)
{
    return oci::Reference::parse(image.name() + ":sha256-" + subject.hex());
}

std::string text_of(const Json &object, const char *key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

/// The specification's words: of an artifact its type, or that of its configuration; and its annotations.
oci::Descriptor described(const RawManifest &referrer)
{
    auto entry = referrer.descriptor;
    const auto json = Json::parse(referrer.bytes, nullptr, false);
    if (!json.is_object())
        return entry;
    entry.artifact_type = text_of(json, "artifactType");
    if (const auto config = json.find("config");
        entry.artifact_type.empty() && config != json.end() && config->is_object())
        entry.artifact_type = text_of(*config, "mediaType");
    if (const auto annotations = json.find("annotations");
        annotations != json.end() && annotations->is_object())
        for (const auto &[name, value] : annotations->items())
            if (value.is_string())
                entry.annotations.insert_or_assign(name, value.get<std::string>());
    return entry;
}

/// nullopt: there is no list under the tag.
std::optional<oci::Index> tagged_list(Session &session, const oci::Reference &tag,
                                      const std::stop_token &stop)
{
    const auto raw = get_manifest(session, tag, stop);
    if (!raw)
        return std::nullopt;
    auto document = oci::parse_manifest(raw->bytes, oci::media_type_name(raw->descriptor.media_type));
    auto *const index = std::get_if<oci::Index>(&document);
    if (index == nullptr)
        throw Error{ErrorKind::integrity,
                    fmt::format("{} is no list of what refers to an image", tag.familiar())};
    return std::move(*index);
}

} // namespace

std::optional<Digest> subject_of(const std::string &manifest)
{
    if (manifest.find("\"subject\"") == std::string::npos)
        return std::nullopt;
    const auto json = Json::parse(manifest, nullptr, false);
    if (!json.is_object() || !json.contains("subject") || !json["subject"].is_object())
        return std::nullopt;
    const auto digest = text_of(json["subject"], "digest");
    return digest.starts_with("sha256:") ? std::optional{Digest::parse(digest)} : std::nullopt;
}

std::vector<oci::Descriptor> list_referrers(Session &session, const oci::Reference &image,
                                            const std::stop_token &stop)
{
    const auto digest = image.digest().value();
    const auto endpoint = session.endpoint(image.registry());
    const Subject subject{endpoint, image, Scopes::pull(image.repository())};
    const auto known = session.retrying(stop, [&]() -> std::optional<std::string> {
        const net::Request request{.url = endpoint.url(image.repository(), "referrers/" + digest.str())};
        auto answer = session.send(subject, request, stop);
        if (answer.status == 200)
            return read_all(*answer.body, list_limit);
        if (net::is_passing(answer.status))
            throw session.refusal(subject, answer, fmt::format("to list what refers to {}", image.str()));
        return std::nullopt; // it has no such list
    });
    if (known) {
        auto document = oci::parse_manifest(*known);
        if (const auto *index = std::get_if<oci::Index>(&document))
            return index->manifests;
        return {};
    }
    const auto index = tagged_list(session, tag_of(image, digest), stop);
    return index ? index->manifests : std::vector<oci::Descriptor>{};
}

void list_under_tag(Session &session, const oci::Reference &image, const Digest &subject,
                    const RawManifest &referrer, const std::stop_token &stop)
{
    const auto tag = tag_of(image, subject);
    auto index = tagged_list(session, tag, stop).value_or(oci::Index{oci::MediaType::oci_index, {}, {}});
    const bool is_there = std::ranges::any_of(index.manifests, [&](const oci::Descriptor &entry) {
        return entry.digest == referrer.descriptor.digest;
    });
    if (is_there)
        return;
    index.manifests.push_back(described(referrer));
    const auto json = oci::to_json(index);
    put_manifest(
        session, tag,
        {{.media_type = oci::MediaType::oci_index, .digest = sha256(json), .size = json.size()}, json}, stop);
}

} // namespace mica::registry
