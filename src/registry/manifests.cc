#include "registry/manifests.hh"

#include "base/text.hh"
#include "io/hash.hh"
#include "oci/json.hh"
#include "registry/referrers.hh"

namespace mica::registry {

namespace {

/// All types, since a registry may convert what is not asked for, down to schema 1.
constexpr const char *accepted = "application/vnd.oci.image.index.v1+json, "
                                 "application/vnd.docker.distribution.manifest.list.v2+json, "
                                 "application/vnd.oci.image.manifest.v1+json, "
                                 "application/vnd.docker.distribution.manifest.v2+json";

std::string key_for_put(const oci::Reference &image)
{
    return image.tag() ? *image.tag() : image.manifest_key();
}

net::Request request_for(net::Method method, const Endpoint &endpoint, const oci::Reference &image,
                         const std::string &key)
{
    return {.method = method,
            .url = endpoint.url(image.repository(), "manifests/" + key),
            .headers = {{"Accept", accepted}}};
}

std::optional<Digest> told_digest(const net::Headers &headers)
{
    const auto value = headers.find("Docker-Content-Digest");
    if (!value || !trim(*value).starts_with("sha256:"))
        return std::nullopt;
    return Digest::parse(trim(*value));
}

/// What the registry says it is; where that says nothing, what the document says of itself.
oci::MediaType type_of(const net::Headers &headers, const std::string &bytes)
{
    const auto header = headers.find("Content-Type").value_or("");
    const auto name = trim(header.substr(0, header.find(';')));
    if (const auto type = oci::parse_media_type(name); type != oci::MediaType::other)
        return type;
    const bool says_something = name.starts_with("application/vnd.");
    const auto document = oci::parse_manifest(bytes, says_something ? name : std::string_view{});
    return std::visit([](const auto &read) { return read.media_type; }, document);
}

RawManifest read_manifest(const oci::Reference &image, Answer &answer)
{
    auto bytes = read_all(*answer.body, oci::manifest_limit);
    const auto digest = sha256(bytes);
    const auto promised = image.digest() ? image.digest() : told_digest(answer.headers);
    if (promised && *promised != digest)
        throw Error{ErrorKind::integrity,
                    fmt::format("{} sent a manifest of digest {} where {} was {}", answer.url.host_and_port(),
                                digest.str(), promised->str(), image.digest() ? "asked for" : "promised")};
    return {{.media_type = type_of(answer.headers, bytes), .digest = digest, .size = bytes.size()},
            std::move(bytes)};
}

bool is_about_an_unchangeable_tag(const Refused &refused)
{
    return refused.status() >= 400 && refused.status() < 500 &&
           to_lower(refused.text()).find("immutab") != std::string::npos; // "immutable", "tag immutability"
}

/// A list that cannot be kept is no reason to fail: what is attached is in the image's index as well.
void list_as_referrer(Session &session, const oci::Reference &image, const RawManifest &manifest,
                      const std::stop_token &stop)
{
    const auto subject = subject_of(manifest.bytes);
    if (!subject)
        return;
    try {
        list_under_tag(session, image, *subject, manifest, stop);
    } catch (const Error &error) {
        if (auto *bus = session.settings().bus)
            bus->publish(event::Note{event::Note::Level::warning,
                                     fmt::format("{} does not list what is attached to {}: {}",
                                                 image.registry(), subject->str(), error.message()),
                                     {}});
    }
}

} // namespace

std::optional<RawManifest> get_manifest(Session &session, const oci::Reference &image,
                                        const std::stop_token &stop)
{
    const auto endpoint = session.endpoint(image.registry());
    const Subject subject{endpoint, image, Scopes::pull(image.repository())};
    const auto request = request_for(net::Method::get, endpoint, image, image.manifest_key());
    return session.retrying(stop, [&]() -> std::optional<RawManifest> {
        auto answer = session.send(subject, request, stop);
        if (answer.status == 404)
            return std::nullopt;
        if (answer.status != 200)
            throw session.refusal(subject, answer, fmt::format("to show {}", image.str()));
        return read_manifest(image, answer);
    });
}

std::optional<Digest> manifest_digest(Session &session, const oci::Reference &image,
                                      const std::stop_token &stop)
{
    const auto endpoint = session.endpoint(image.registry());
    const Subject subject{endpoint, image, Scopes::pull(image.repository())};
    const auto request = request_for(net::Method::head, endpoint, image, key_for_put(image));
    return session.retrying(stop, [&]() -> std::optional<Digest> {
        const auto answer = session.send(subject, request, stop);
        if (answer.status == 200 && told_digest(answer.headers))
            return told_digest(answer.headers);
        // ECR may not tell; the manifest itself does.
        if (answer.status == 200) {
            const auto manifest = get_manifest(session, image, stop);
            return manifest ? std::optional{manifest->descriptor.digest} : std::nullopt;
        }
        if (net::is_passing(answer.status))
            throw session.refusal(subject, answer, fmt::format("to show {}", image.str()));
        return std::nullopt;
    });
}

void put_manifest(Session &session, const oci::Reference &image, const RawManifest &manifest,
                  const std::stop_token &stop)
{
    const auto endpoint = session.endpoint(image.registry());
    const Subject subject{endpoint, image, Scopes::push(image.repository())};
    auto request = request_for(net::Method::put, endpoint, image, key_for_put(image));
    request.headers = {{"Content-Type", std::string{oci::media_type_name(manifest.descriptor.media_type)}}};
    request.body = manifest.bytes;
    try {
        const bool is_listed = session.retrying(stop, [&] {
            const auto answer = session.send(subject, request, stop);
            if (answer.status != 200 && answer.status != 201 && answer.status != 202)
                throw session.refusal(subject, answer, fmt::format("the manifest of {}", image.str()));
            if (const auto told = told_digest(answer.headers); told && *told != manifest.descriptor.digest)
                throw Error{ErrorKind::integrity,
                            fmt::format("{} stored the manifest as {}, but it is {}", endpoint.registry,
                                        told->str(), manifest.descriptor.digest.str())};
            return answer.headers.find("OCI-Subject").has_value();
        });
        if (!is_listed)
            list_as_referrer(session, image, manifest, stop);
    } catch (const Refused &refused) {
        if (!is_about_an_unchangeable_tag(refused))
            throw;
        if (manifest_digest(session, image, stop) == manifest.descriptor.digest)
            return;
        if (!session.settings().keep_immutable_tags)
            throw Error{ErrorKind::denied, refused.message()}.with_hint(
                "the repository does not let tags be moved: push under a new tag, or keep what is there with "
                "--push-ignore-immutable-tag-errors");
        if (auto *bus = session.settings().bus)
            bus->publish(event::Note{event::Note::Level::warning,
                                     fmt::format("{} cannot be moved and keeps its image", image.str()),
                                     {}});
    }
}

} // namespace mica::registry
