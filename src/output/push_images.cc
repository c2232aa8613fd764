#include "output/push_images.hh"

#include "base/error.hh"
#include "registry/push.hh"
#include <fmt/format.h>
#include <set>
#include <string>
#include <vector>

namespace mica::output {

namespace {

/// The manifest in each repository that is named.
std::vector<oci::Reference> by_digest(std::span<const oci::Reference> names, const Digest &digest)
{
    std::set<std::string> repositories;
    for (const auto &name : names)
        repositories.insert(name.name());
    std::vector<oci::Reference> out;
    for (const auto &repository : repositories)
        out.push_back(oci::Reference::parse(repository + "@" + digest.str()));
    return out;
}

void push_children(const EncodedImages &images, std::span<const oci::Reference> names,
                   registry::Client &client, EventBus &bus, TaskId parent, const std::stop_token &stop)
{
    for (std::size_t i = 0; i < images.images.size(); ++i) {
        const auto &document = images.documents[i];
        const auto destinations = by_digest(names, document.manifest.digest);
        registry::push(client, images.images[i], document, destinations, {}, bus, parent, stop);
    }
}

} // namespace

void push_images(const EncodedImages &images, std::span<const oci::Reference> names, registry::Client &client,
                 EventBus &bus, TaskId parent, const std::stop_token &stop)
{
    if (names.empty())
        throw Error{ErrorKind::usage, "there is no name to push the image to"}.with_hint(
            "name it with -t or name=");
    for (const auto &name : names)
        if (name.digest())
            throw Error{ErrorKind::usage,
                        fmt::format("{} has a digest: an image is pushed to a tag", name.str())};
    if (!images.index)
        return registry::push(client, images.images.front(), images.documents.front(), names, {}, bus, parent,
                              stop);
    push_children(images, names, client, bus, parent, stop);
    const registry::RawManifest index{images.index->descriptor, images.index->json};
    for (const auto &name : names) {
        in_context([&] { return fmt::format("push {}", name.str()); },
                   [&] { client.put_manifest(name, index, stop); });
        bus.publish(event::Produced{"tag", name.str(), index.descriptor.digest.str()});
    }
}

} // namespace mica::output
