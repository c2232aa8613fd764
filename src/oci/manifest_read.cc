// A manifest must mean one thing only. The spec once let a document be a manifest and an index at the same
// time, and two readers could take the same signed bytes for two different images (CVE-2021-41190). So: the
// type that the document names, the type that it was served as, and the fields that it has must agree.
#include "oci/json.hh"

#include "base/error.hh"
#include "base/json_node.hh"
#include "base/text.hh"
#include <fmt/format.h>

namespace mica::oci {

namespace {

constexpr std::string_view schema1_prefix = "application/vnd.docker.distribution.manifest.v1+";

[[noreturn]] void refuse_schema1()
{
    throw Error{ErrorKind::unsupported,
                "the image has a Docker schema 1 manifest, a format that was given up in 2017"}
        .with_hint("pull and push it once with a current tool, which converts it");
}

bool is_manifest(MediaType type)
{
    return type == MediaType::oci_manifest || type == MediaType::docker_manifest;
}
bool is_index(MediaType type)
{
    return type == MediaType::oci_index || type == MediaType::docker_list;
}

Platform read_platform(const JsonNode &node)
{
    return {.os = node.text_of("os"),
            .architecture = node.text_of("architecture"),
            .variant = node.text_of("variant"),
            .os_version = node.text_of("os.version"),
            .os_features = node.texts_of("os.features").value_or(std::vector<std::string>{})};
}

Descriptor read_descriptor(const JsonNode &node)
{
    const auto type = node.need("mediaType").text();
    if (type.empty())
        node.fail("has an empty \"mediaType\"");
    const auto size = node.need("size").integer();
    if (size < 0)
        node.fail("has a negative size");
    Descriptor out{.media_type = parse_media_type(type),
                   .digest = Digest::parse(node.need("digest").text()),
                   .size = static_cast<std::uint64_t>(size)};
    if (out.media_type == MediaType::other)
        out.other_media_type = type;
    if (const auto platform = node.find("platform"))
        out.platform = read_platform(*platform);
    out.annotations = node.text_map_of("annotations");
    out.urls = node.texts_of("urls").value_or(std::vector<std::string>{});
    out.artifact_type = node.text_of("artifactType");
    return out;
}

std::vector<Descriptor> read_descriptors(const JsonNode &parent, const char *key)
{
    std::vector<Descriptor> out;
    if (const auto list = parent.find(key))
        for (const auto &item : list->items())
            out.push_back(read_descriptor(item));
    return out;
}

/// The type that both names agree on; `other` if neither names one.
MediaType agreed_type(const JsonNode &root, std::string_view content_type)
{
    const auto served_as = trim(content_type.substr(0, content_type.find(';')));
    const auto named = root.text_of("mediaType");
    if (served_as.starts_with(schema1_prefix) || named.starts_with(schema1_prefix))
        refuse_schema1();
    const auto served_type = parse_media_type(served_as);
    const auto named_type = parse_media_type(named);
    const bool served_known =
        is_manifest(served_type) || is_index(served_type); // not "application/json" and such
    if (!named.empty() && !is_manifest(named_type) && !is_index(named_type))
        throw Error{ErrorKind::unsupported, fmt::format("a manifest of type {} is not an image's", named)};
    if (served_known && !named.empty() && served_type != named_type)
        root.fail(fmt::format("says that it is {}, but was given as {}", named, served_as));
    if (named.empty())
        return served_known ? served_type : MediaType::other;
    return named_type;
}

MediaType type_by_fields(const JsonNode &root, MediaType agreed)
{
    const bool has_manifests = root.find("manifests").has_value();
    const bool has_layers = root.find("layers").has_value() || root.find("config").has_value();
    if (has_manifests && has_layers)
        root.fail("is both an image's and an index: it has \"manifests\" and \"config\" or \"layers\"");
    if (agreed == MediaType::other) {
        if (!has_manifests && !has_layers)
            root.fail("has neither \"config\" and \"layers\" nor \"manifests\"");
        return has_manifests ? MediaType::oci_index : MediaType::oci_manifest;
    }
    if (is_manifest(agreed) ? has_manifests : has_layers)
        root.fail(fmt::format("has not the fields of its type {}", media_type_name(agreed)));
    return agreed;
}

} // namespace

std::variant<Manifest, Index> parse_manifest(std::string_view json, std::string_view content_type)
{
    const auto document = parse_document(json, manifest_limit, "manifest");
    const JsonNode root{document, "the manifest"};
    const auto agreed = agreed_type(root, content_type);
    const auto version = root.need("schemaVersion").integer();
    if (version == 1)
        refuse_schema1();
    if (version != 2)
        root.fail(fmt::format("has the schemaVersion {} where only 2 is known", version));
    const auto type = type_by_fields(root, agreed);
    auto annotations = root.text_map_of("annotations");
    if (is_index(type))
        return Index{.media_type = type,
                     .manifests = read_descriptors(root, "manifests"),
                     .annotations = std::move(annotations)};
    return Manifest{.media_type = type,
                    .config = read_descriptor(root.need("config")),
                    .layers = read_descriptors(root, "layers"),
                    .annotations = std::move(annotations)};
}

} // namespace mica::oci
