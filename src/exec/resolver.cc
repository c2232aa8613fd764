#include "exec/resolver.hh"

#include "base/error.hh"
#include "exec/named_contexts.hh"
#include "oci/layout.hh"
#include "oci/platform.hh"
#include "registry/pull.hh"
#include <fmt/format.h>

namespace mica::exec {

namespace {

template <class... Bodies> struct Overloaded : Bodies... {
    using Bodies::operator()...;
};
template <class... Bodies> Overloaded(Bodies...) -> Overloaded<Bodies...>;

/// docker-image://scratch: the name that stands for no image.
constexpr std::string_view empty_reference = "docker.io/library/scratch:latest";

oci::Image empty_image(const oci::Platform &platform)
{
    oci::Image image;
    image.config.platform = platform;
    return image;
}

/// The descriptor that "PATH", "PATH:tag" or "PATH@digest" means.
oci::Descriptor choose_manifest(const oci::Layout &layout, const LayoutContext &context)
{
    const auto manifests = layout.manifests();
    if (!context.reference.empty()) {
        if (const auto found = layout.find(context.reference))
            return *found;
        for (const auto &manifest : manifests)
            if (manifest.digest.str() == context.reference)
                return manifest;
        throw Error{ErrorKind::not_found,
                    fmt::format("the layout {} has no image {}", context.path.native(), context.reference)};
    }
    if (manifests.empty())
        throw Error{ErrorKind::not_found, fmt::format("the layout {} has no image", context.path.native())};
    if (manifests.size() == 1)
        return manifests.front();
    if (const auto latest = layout.find("latest"))
        return *latest;
    throw Error{ErrorKind::usage,
                fmt::format("the layout {} has {} images", context.path.native(), manifests.size())}
        .with_hint("say which one: oci-layout://PATH:tag or oci-layout://PATH@sha256:…");
}

} // namespace

plan::Resolver::NamedContext ImageResolver::named_context(const std::string &name)
{
    const auto found = request_.named_contexts.find(name);
    if (found == request_.named_contexts.end())
        return NamedContext::none;
    const bool has_files = std::holds_alternative<DirectoryContext>(found->second) ||
                           std::holds_alternative<RemoteContext>(found->second);
    return has_files ? NamedContext::directory : NamedContext::image;
}

std::optional<Time> ImageResolver::date_of(const DateSource &source)
{
    using Kind = DateSource::Kind;
    if (source.kind == Kind::main_context)
        return request_.context_date;
    if (source.kind == Kind::named_context) {
        const auto *context = find_named_context(request_, source.name);
        const auto *remote = context == nullptr ? nullptr : std::get_if<RemoteContext>(context);
        return remote == nullptr ? std::nullopt : remote_.date(remote->source, parent_, stop_);
    }
    const auto remote = context::parse_remote_source(source.name);
    return remote ? remote_.date(*remote, parent_, stop_) : std::nullopt;
}

std::optional<std::int64_t> ImageResolver::source_date(const DateSource &source)
{
    const auto date = date_of(source);
    if (!date)
        return std::nullopt;
    return std::chrono::floor<std::chrono::seconds>(date->time_since_epoch()).count();
}

plan::BaseImage ImageResolver::image(const std::string &name, const oci::Platform &platform,
                                     const SourceSpan &where)
{
    const std::pair key{name, platform};
    auto known = handles_.find(key);
    if (known == handles_.end()) {
        Task task{services_.bus, parent_, TaskKind::pull, "resolve " + name, where};
        auto image = at_span(where, [&] {
            return in_context([&] { return fmt::format("resolve {}", name); },
                              [&] { return find(name, platform); });
        });
        images_.push_back(std::move(image));
        known = handles_.emplace(key, static_cast<std::uint32_t>(images_.size() - 1)).first;
    }
    return {known->second, name, images_[known->second].config};
}

oci::Image ImageResolver::find(const std::string &name, const oci::Platform &platform)
{
    const auto *context = find_named_context(request_, name);
    if (context == nullptr)
        return from_name(name, platform);
    return std::visit(
        Overloaded{[&](const DirectoryContext &directory) -> oci::Image {
                       throw Error{ErrorKind::dockerfile,
                                   fmt::format("the context {} is a directory ({}), not an image", name,
                                               directory.path.native())};
                   },
                   [&](const RemoteContext &) -> oci::Image {
                       throw Error{ErrorKind::dockerfile,
                                   fmt::format("the context {} is fetched files, not an image", name)};
                   },
                   [&](const LayoutContext &layout) { return from_layout(layout, platform); },
                   [&](const ImageContext &image) {
                       return image.reference == empty_reference ? empty_image(platform)
                                                                 : from_name(image.reference, platform);
                   }},
        *context);
}

oci::Image ImageResolver::from_layout(const LayoutContext &context, const oci::Platform &platform)
{
    const auto layout = oci::Layout::open_existing(context.path);
    return oci::load_image(layout, choose_manifest(*layout, context), platform, stop_);
}

oci::Image ImageResolver::from_name(const std::string &name, const oci::Platform &platform)
{
    const auto reference = oci::Reference::parse(name);
    if (const auto kept = services_.store->find(reference.str())) {
        services_.bus.publish(
            event::Note{event::Note::Level::info,
                        fmt::format("{} is the image of that name in the state directory", name),
                        {}});
        return oci::load_image(services_.store, *kept, platform, stop_);
    }
    if (auto pulled = registry::pull(services_.registry, reference, platform, stop_))
        return std::move(pulled->image);
    throw Error{ErrorKind::not_found, fmt::format("there is no image {}", reference.str())}.with_hint(
        "check the name and tag; a stage or --build-context of that name would also be taken");
}

} // namespace mica::exec
