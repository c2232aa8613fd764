#include "base/clock.hh"
#include "base/error.hh"
#include "cli/registry_access.hh"
#include "cli/tools/copy_image.hh"
#include "cli/tools/tool_jobs.hh"
#include "io/fd.hh"
#include "oci/json.hh"
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace mica::cli {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t config_limit = 16 * 1024 * 1024;

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
    const auto raw = resolve_top(*source, platform, job.stop);
    if (job.options.raw)
        return print(raw.bytes);
    const auto document = oci::parse_manifest(raw.bytes, oci::media_type_name(raw.descriptor.media_type));
    if (const auto *index = std::get_if<oci::Index>(&document))
        return print(about_index(place, raw, *index).dump(2) + "\n");
    const auto &manifest = std::get<oci::Manifest>(document);
    const auto config = read_all(*source->blobs()->open(manifest.config, job.stop), config_limit);
    if (job.options.config)
        return print(config);
    print(about_image(place, raw, manifest, oci::parse_image_config(config)).dump(2) + "\n");
}

} // namespace mica::cli
