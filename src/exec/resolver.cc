#include "exec/resolver.hh"

#include "base/error.hh"
#include "exec/commit_time.hh"
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
    const auto manifest = choose_manifest(*layout, context);
    const auto name = context.reference.empty() ? std::string{} : ":" + context.reference;
    note(ResolvedInput::Kind::layout, "oci-layout://" + context.path.native() + name, platform,
         manifest.digest);
    return oci::load_image(layout, manifest, platform, stop_);
}

oci::Image ImageResolver::from_name(const std::string &name, const oci::Platform &platform)
{
    const auto reference = oci::Reference::parse(name);
    const auto kept = services_.store->find(reference.str());
    if (kept && may_be(reference, kept->digest)) {
        services_.bus.publish(
            event::Note{event::Note::Level::info,
                        fmt::format("{} is the image of that name in the state directory", name),
                        {}});
        note(ResolvedInput::Kind::kept, reference.str(), platform, kept->digest);
        return oci::load_image(services_.store, *kept, platform, stop_);
    }
    if (auto pulled = registry::pull(services_.registry, pinned(reference), platform, stop_)) {
        note(ResolvedInput::Kind::image, reference.str(), platform, pulled->pinned.digest().value());
        return std::move(pulled->image);
    }
    throw Error{ErrorKind::not_found, fmt::format("there is no image {}", reference.str())}.with_hint(
        "check the name and tag; a stage or --build-context of that name would also be taken");
}

/// A kept image that is not the pinned one is none of that name.
bool ImageResolver::may_be(const oci::Reference &name, const Digest &digest) const
{
    if (!request_.pins)
        return true;
    const auto pin = request_.pins->images.find(name.str());
    return pin == request_.pins->images.end() ? !request_.pins->refuse_others : pin->second == digest;
}

/// By digest, if there are pins: a name that has none may mean something else every day.
oci::Reference ImageResolver::pinned(const oci::Reference &name) const
{
    if (!request_.pins || name.digest())
        return name;
    const auto pin = request_.pins->images.find(name.str());
    if (pin != request_.pins->images.end())
        return name.with_digest(pin->second);
    if (!request_.pins->refuse_others)
        return name;
    throw Error{ErrorKind::usage, fmt::format("the lock has no digest of {}", name.str())}.with_hint(
        "\"mica lock\" adds what the Dockerfile names");
}

void ImageResolver::note(ResolvedInput::Kind kind, std::string name, const oci::Platform &platform,
                         const Digest &digest)
{
    inputs_.push_back({kind, std::move(name), oci::format_platform(platform), digest.str()});
}

std::optional<std::int64_t> ImageResolver::source_date(const DateSource &source)
{
    const auto seconds = [](const std::optional<Time> &date) -> std::optional<std::int64_t> {
        if (!date)
            return std::nullopt;
        return std::chrono::floor<std::chrono::seconds>(date->time_since_epoch()).count();
    };
    if (source.kind == DateSource::Kind::main_context) {
        if (request_.context_date || !request_.context)
            return seconds(request_.context_date);
        return commit_time(request_.context->host_path(), stop_);
    }
    if (source.kind == DateSource::Kind::named_context) {
        const auto *context = find_named_context(request_, source.name);
        if (context == nullptr)
            return Resolver::source_date(source);
        if (const auto *directory = std::get_if<DirectoryContext>(context))
            return commit_time(directory->path, stop_);
        if (const auto *remote = std::get_if<RemoteContext>(context))
            return seconds(remote_.date(remote->source, parent_, stop_));
        return Resolver::source_date(source);
    }
    const auto remote = context::parse_remote_source(source.name);
    return remote ? seconds(remote_.date(*remote, parent_, stop_)) : Resolver::source_date(source);
}

} // namespace mica::exec
