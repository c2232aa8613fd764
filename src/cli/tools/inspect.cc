#include "base/clock.hh"
#include "base/error.hh"
#include "cli/registry_access.hh"
#include "cli/tools/attestations.hh"
#include "cli/tools/copy_image.hh"
#include "cli/tools/tool_jobs.hh"
#include "io/fd.hh"
#include "oci/json.hh"
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace mica::cli {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t document_limit = 256 * 1024 * 1024;

Json head(const Place &place, const registry::RawManifest &raw)
{
    return {{"Name", display(place)},
            {"Digest", raw.descriptor.digest.str()},
            {"MediaType", oci::media_type_name(raw.descriptor.media_type)},
            {"Size", raw.descriptor.size}};
}

std::string type_of(const oci::Descriptor &descriptor)
{
    return descriptor.media_type == oci::MediaType::other
               ? descriptor.other_media_type
               : std::string{oci::media_type_name(descriptor.media_type)};
}

Json about_index(const Place &place, const registry::RawManifest &raw, const oci::Index &index)
{
    auto out = head(place, raw);
    out["Manifests"] = Json::array();
    for (const auto &entry : index.manifests) {
        Json one{{"Digest", entry.digest.str()}, {"MediaType", type_of(entry)}, {"Size", entry.size}};
        if (entry.platform)
            one["Platform"] = oci::format_platform(*entry.platform);
        if (!entry.annotations.empty())
            one["Annotations"] = entry.annotations;
        out["Manifests"].push_back(std::move(one));
    }
    if (!index.annotations.empty())
        out["Annotations"] = index.annotations;
    return out;
}

Json about_image(const Place &place, const registry::RawManifest &raw, const oci::Manifest &manifest,
                 const oci::ImageConfig &config)
{
    auto out = head(place, raw);
    out["Platform"] = oci::format_platform(config.platform);
    if (config.created)
        out["Created"] = format_rfc3339(*config.created);
    const auto &run = config.config;
    out["User"] = run.user;
    out["Env"] = run.env;
    if (run.entrypoint)
        out["Entrypoint"] = *run.entrypoint;
    if (run.cmd)
        out["Cmd"] = *run.cmd;
    out["WorkingDir"] = run.working_dir;
    out["ExposedPorts"] = run.exposed_ports;
    out["Labels"] = Json(run.labels);
    out["Annotations"] = Json(manifest.annotations);
    out["Layers"] = Json::array();
    std::uint64_t total = 0;
    for (const auto &layer : manifest.layers) {
        out["Layers"].push_back(
            {{"Digest", layer.digest.str()}, {"MediaType", type_of(layer)}, {"Size", layer.size}});
        total += layer.size;
    }
    out["LayersSize"] = total;
    return out;
}

/// What is attached to images, as JSON; with documents also what it says.
class AttachedList {
public:
    AttachedList(ImageSource &source, bool with_documents, const std::stop_token &stop)
        : source_{source}, with_documents_{with_documents}, stop_{stop}
    {
    }

    /// What stands beside its images, and what refers to it as a whole.
    [[nodiscard]] Json of_index(const Digest &digest, const oci::Index &index) const
    {
        auto list = Json::array();
        for (const auto &entry : index.manifests)
            add(list, entry.digest, beside(index, entry.digest));
        add(list, digest, source_.referrers(digest, stop_));
        return list;
    }

    /// What stands beside it in the index that it was found by (null: none), and what refers to it.
    [[nodiscard]] Json of_image(const Digest &digest, const oci::Index *index) const
    {
        auto list = Json::array();
        auto manifests = index != nullptr ? beside(*index, digest) : std::vector<oci::Descriptor>{};
        const auto referrers = source_.referrers(digest, stop_);
        manifests.insert(manifests.end(), referrers.begin(), referrers.end());
        add(list, digest, manifests);
        return list;
    }

private:
    void add(Json &list, const Digest &image, const std::vector<oci::Descriptor> &manifests) const
    {
        for (const auto &document : attached_documents(source_, image, manifests, stop_)) {
            Json one{{"Image", document.image.str()},
                     {"Kind", document.kind},
                     {"Format", document.format},
                     {"MediaType", type_of(document.blob)},
                     {"Digest", document.blob.digest.str()},
                     {"Size", document.blob.size},
                     {"Manifest", document.manifest.str()}};
            if (!document.predicate_type.empty())
                one["PredicateType"] = document.predicate_type;
            if (with_documents_)
                one["Document"] = read(document.blob);
            list.push_back(std::move(one));
        }
    }

    /// What is no JSON is given as text.
    [[nodiscard]] Json read(const oci::Descriptor &blob) const
    {
        const auto text = read_all(*source_.blobs()->open(blob, stop_), document_limit);
        auto json = Json::parse(text, nullptr, false);
        return json.is_discarded() ? Json(text) : json;
    }

    ImageSource &source_;
    bool with_documents_;
    const std::stop_token &stop_;
};

void print(const std::string &text)
{
    write_all(STDOUT_FILENO, as_bytes(text));
}

} // namespace

void run_inspect(const ToolJob &job)
{
    RegistryAccess access{job.options.registries, job.bus, job.stop};
    const auto place = parse_place(job.options.operands.front());
    const auto source = open_source(place, access.client(), Layers::as_they_are);
    // The configuration is that of one image.
    auto platform = job.options.platform;
    if (job.options.config && !platform)
        platform = oci::host_platform();
    const auto top = source->top(job.stop);
    const auto top_document = oci::parse_manifest(top.bytes, oci::media_type_name(top.descriptor.media_type));
    const auto *const found_in = std::get_if<oci::Index>(&top_document);
    const auto raw = found_in != nullptr && platform ? resolve_top(*source, platform, job.stop) : top;
    if (job.options.raw)
        return print(raw.bytes);
    const auto document = oci::parse_manifest(raw.bytes, oci::media_type_name(raw.descriptor.media_type));
    const AttachedList attached{*source, job.options.attestations, job.stop};
    if (const auto *index = std::get_if<oci::Index>(&document)) {
        auto out = about_index(place, raw, *index);
        out["Attestations"] = attached.of_index(raw.descriptor.digest, *index);
        return print(out.dump(2) + "\n");
    }
    const auto &manifest = std::get<oci::Manifest>(document);
    const auto config = read_all(*source->blobs()->open(manifest.config, job.stop), oci::config_limit);
    if (job.options.config)
        return print(config);
    auto out = about_image(place, raw, manifest, oci::parse_image_config(config));
    out["Attestations"] = attached.of_image(raw.descriptor.digest, found_in);
    print(out.dump(2) + "\n");
}

} // namespace mica::cli
