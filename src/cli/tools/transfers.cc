#include "base/error.hh"
#include "cli/registry_access.hh"
#include "cli/state_directory.hh"
#include "cli/tools/copy_image.hh"
#include "cli/tools/tool_jobs.hh"
#include "io/hash.hh"
#include "oci/json.hh"
#include "oci/layout.hh"
#include "output/archive.hh"
#include "output/output_file.hh"
#include <fmt/format.h>

namespace mica::cli {

namespace {

using Targets = std::vector<std::unique_ptr<ImageTarget>>;

oci::Reference image_name(const std::string &text)
{
    const auto place = parse_place(text);
    if (const auto *image = std::get_if<oci::Reference>(&place))
        return *image;
    throw Error{ErrorKind::usage, fmt::format("\"{}\" is not the name of an image in a registry", text)};
}

/// A path alone is a file of images, or the directory of a layout.
Place parse_file(const std::string &text)
{
    if (text.find("://") != std::string::npos)
        return parse_place(text);
    const auto is_file = [](const std::string &path) { return std::filesystem::is_regular_file(path); };
    const bool is_archive = is_file(text) || is_file(text.substr(0, text.rfind(':')));
    return parse_place((is_archive ? "docker-archive://" : "oci-layout://") + text);
}

void tell(EventBus &bus, const std::string &name, const oci::Descriptor &what)
{
    bus.publish(event::Produced{"tag", name, what.digest.str()});
}

/// A place to push to is looked at before anything is read for it.
void check(const Place &place, registry::Registry &registry, const RegistryOptions &options,
           const std::stop_token &stop)
{
    if (const auto *image = std::get_if<oci::Reference>(&place);
        image != nullptr && options.create_repositories)
        registry.check_push(*image, stop);
}

void copy(const ToolJob &job, RegistryAccess &access, const Place &from, const std::vector<Place> &to)
{
    const auto source = open_source(from, access.client());
    Targets targets;
    for (const auto &place : to) {
        check(place, access.client(), job.options.registries, job.stop);
        targets.push_back(open_target(place, access.client()));
    }
    const Task task{job.bus, {}, TaskKind::push, "copying " + display(from)};
    const auto copied = copy_image(*source, targets, job.options.platform, job.bus, task.id(), job.stop);
    for (const auto &place : to)
        tell(job.bus, display(place), copied);
}

/// An archive has one image of one platform, its documents as they were.
void write_archive(const ToolJob &job, RegistryAccess &access, const Place &from, const ArchivePlace &to)
{
    const auto source = open_source(from, access.client());
    const auto platform = job.options.platform.value_or(oci::host_platform());
    const auto raw = resolve_top(*source, platform, job.stop);
    const auto document = oci::parse_manifest(raw.bytes, oci::media_type_name(raw.descriptor.media_type));
    const auto &manifest = std::get<oci::Manifest>(document);
    const auto blobs = source->blobs();
    const auto config = read_all(*blobs->open(manifest.config, job.stop), 16 * 1024 * 1024);
    std::vector<oci::Reference> names;
    if (const auto *image = std::get_if<oci::Reference>(&from); image != nullptr && image->tag())
        names.push_back(*image);
    const output::EncodedImages images{{oci::assemble(manifest, oci::parse_image_config(config), blobs)},
                                       {{config, raw.bytes, manifest.config, raw.descriptor}},
                                       {}};
    Task task{job.bus, {}, TaskKind::push, "writing " + to.path.string()};
    output::OutputFile file{to.path, "/dev/stdout"};
    output::write_docker_archive(images, names, file, task, job.stop);
    file.finish();
    job.bus.publish(event::Produced{"file", to.path.string(), raw.descriptor.digest.str()});
}

/// The entries of an index to be: each place's images, with their platforms.
class IndexParts {
public:
    IndexParts(const ToolJob &job, RegistryAccess &access, ImageTarget &target)
        : job_{job}, access_{access}, target_{target}
    {
    }

    void add(const Place &place)
    {
        const auto source = open_source(place, access_.client());
        const auto raw = source->top(job_.stop);
        const auto document = oci::parse_manifest(raw.bytes, oci::media_type_name(raw.descriptor.media_type));
        if (const auto *index = std::get_if<oci::Index>(&document)) {
            for (const auto &entry : index->manifests)
                add(*source, source->manifest(entry, job_.stop), entry.platform, entry.annotations);
            return;
        }
        const auto &manifest = std::get<oci::Manifest>(document);
        const auto config = read_all(*source->blobs()->open(manifest.config, job_.stop), 16 * 1024 * 1024);
        add(*source, raw, oci::parse_image_config(config).platform, {});
    }
    [[nodiscard]] const oci::Index &index() const { return index_; }

private:
    /// Copies one image by its digest, and notes it.
    void add(ImageSource &source, const registry::RawManifest &raw,
             const std::optional<oci::Platform> &platform, const oci::Annotations &annotations)
    {
        for (const auto &other : index_.manifests)
            if (platform && platform->os != "unknown" && other.platform == platform)
                throw Error{ErrorKind::usage,
                            fmt::format("two of the images are for {}", oci::format_platform(*platform))};
        copy_parts(source, raw);
        target_.put_manifest(raw, job_.stop);
        auto entry = raw.descriptor;
        entry.platform = platform;
        entry.annotations = annotations;
        const bool docker = entry.media_type == oci::MediaType::docker_manifest;
        index_.media_type =
            index_.manifests.empty() && docker ? oci::MediaType::docker_list : index_.media_type;
        if (!docker)
            index_.media_type = oci::MediaType::oci_index;
        index_.manifests.push_back(std::move(entry));
    }

    void copy_parts(ImageSource &source, const registry::RawManifest &raw)
    {
        const auto document = oci::parse_manifest(raw.bytes, oci::media_type_name(raw.descriptor.media_type));
        const auto *manifest = std::get_if<oci::Manifest>(&document);
        if (manifest == nullptr)
            throw Error{ErrorKind::unsupported, "an index of indexes is not made"};
        const auto blobs = source.blobs();
        for (const auto &layer : manifest->layers)
            static_cast<void>(target_.put_blob(layer, *blobs, job_.stop));
        static_cast<void>(target_.put_blob(manifest->config, *blobs, job_.stop));
    }

    const ToolJob &job_;
    RegistryAccess &access_;
    ImageTarget &target_;
    oci::Index index_{oci::MediaType::oci_index, {}, {}};
};

} // namespace

void run_push(const ToolJob &job)
{
    RegistryAccess access{job.options.registries, job.bus, job.stop};
    const auto &operands = job.options.operands;
    const auto from = parse_file(operands.front());
    std::vector<Place> to;
    for (std::size_t i = 1; i < operands.size(); ++i)
        to.emplace_back(image_name(operands[i]));
    copy(job, access, from, to);
}

void run_pull(const ToolJob &job)
{
    RegistryAccess access{job.options.registries, job.bus, job.stop};
    const auto name = image_name(job.options.operands.front());
    const StateDirectory state{StateDirectory::choose(job.options.state, job.environment)};
    const auto source = open_source(name, access.client());
    Targets targets;
    targets.push_back(open_target(LayoutPlace{state.images(), name.str(), {}}, access.client()));
    const Task task{job.bus, {}, TaskKind::pull, "pulling " + name.familiar()};
    const auto platform = job.options.platform.value_or(oci::host_platform());
    const auto pulled = copy_image(*source, targets, platform, job.bus, task.id(), job.stop);
    job.bus.publish(event::Produced{"image", name.str(), pulled.digest.str()});
}

void run_copy(const ToolJob &job)
{
    RegistryAccess access{job.options.registries, job.bus, job.stop};
    const auto from = parse_place(job.options.operands.at(0)), to = parse_place(job.options.operands.at(1));
    if (const auto *archive = std::get_if<ArchivePlace>(&to))
        return write_archive(job, access, from, *archive);
    copy(job, access, from, {to});
}

void run_tag(const ToolJob &job)
{
    RegistryAccess access{job.options.registries, job.bus, job.stop};
    const auto from = image_name(job.options.operands.front());
    std::vector<Place> to;
    for (std::size_t i = 1; i < job.options.operands.size(); ++i) {
        const auto &text = job.options.operands[i];
        // A word alone is another tag of the same repository.
        const bool is_tag = text.find_first_of("/:.") == std::string::npos;
        const auto name = is_tag ? from.with_tag(text) : image_name(text);
        if (name.registry() != from.registry())
            throw Error{ErrorKind::usage, fmt::format("{} is in another registry", text)}.with_hint(
                "\"mica copy\" copies images between registries");
        to.emplace_back(name);
    }
    copy(job, access, from, to);
}

void run_index_create(const ToolJob &job)
{
    RegistryAccess access{job.options.registries, job.bus, job.stop};
    const auto to = parse_place(job.options.operands.front());
    check(to, access.client(), job.options.registries, job.stop);
    const auto target = open_target(to, access.client());
    const Task task{job.bus, {}, TaskKind::push, "making the index " + display(to)};
    IndexParts parts{job, access, *target};
    for (std::size_t i = 1; i < job.options.operands.size(); ++i)
        parts.add(parse_place(job.options.operands[i]));
    const auto bytes = oci::to_json(parts.index());
    const oci::Descriptor descriptor{
        .media_type = parts.index().media_type, .digest = sha256(bytes), .size = bytes.size()};
    target->put_top({descriptor, bytes}, job.stop);
    tell(job.bus, display(to), descriptor);
}

} // namespace mica::cli
