#include "cli/rebuild.hh"

#include "base/error.hh"
#include "cli/materials.hh"
#include "cli/values.hh"
#include "context/remote_source.hh"
#include "io/fd.hh"
#include "oci/json.hh"
#include "oci/platform.hh"
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace mica::cli {

namespace {

constexpr std::uint64_t most_bytes = std::uint64_t{16} << 20;
constexpr const char *epoch_variable = "SOURCE_DATE_EPOCH";

bool is_about(const verify::Companion &companion, const verify::Variant &variant)
{
    const auto found = companion.descriptor.annotations.find("vnd.docker.reference.digest");
    return found != companion.descriptor.annotations.end() && found->second == variant.manifest.digest.str();
}

std::optional<std::string> predicate_of(const std::string &statement)
{
    const auto json = nlohmann::json::parse(statement, nullptr, false);
    if (!json.is_object() || !json.contains("predicate"))
        return std::nullopt;
    return json["predicate"].dump();
}

void take_compression(const std::string &text, BuildOptions &into)
{
    const auto colon = text.find(':');
    std::optional<int> level;
    if (colon != std::string::npos)
        level = static_cast<int>(parse_number(std::string_view{text}.substr(colon + 1), 0, 22));
    into.compression = checked_compression(parse_compression(text.substr(0, colon)), level);
}

/// Layers say by their types how they are compressed; the top one is of the build.
std::string compression_of(const oci::Image &image)
{
    if (image.layers.empty())
        return "gzip";
    switch (image.layers.back().layer.blob.media_type) {
    case oci::MediaType::oci_layer_zstd:
        return "zstd";
    case oci::MediaType::oci_layer:
    case oci::MediaType::docker_layer:
        return "uncompressed";
    default:
        return "gzip";
    }
}

/// The context by what it was; a Dockerfile that is given wins over the recorded one.
void take_source(const verify::Provenance &recorded, BuildOptions &into)
{
    const bool is_fetched = into.context.empty() && !recorded.context_uri.empty();
    if (is_fetched) {
        into.context = recorded.context_uri;
        into.proof.context_pin = recorded.context_digest;
    }
    if (into.dockerfile)
        return;
    into.proof.dockerfile_text = recorded.dockerfile;
    if (context::is_url(recorded.dockerfile_name) || (is_fetched && recorded.dockerfile_name != "Dockerfile"))
        into.dockerfile = recorded.dockerfile_name;
    else if (is_fetched)
        return;
    else if (!into.context.empty()) // its ignore file stands beside it
        into.dockerfile = std::filesystem::path{into.context} / recorded.dockerfile_name;
}

void take_recorded(const verify::Provenance &recorded, BuildOptions &into)
{
    for (const auto &[name, value] : recorded.build_args)
        into.build_args.try_emplace(name, value);
    for (const auto &[name, value] : recorded.labels)
        into.labels.try_emplace(name, value);
    if (into.target.empty())
        into.target = recorded.target;
    into.proof.pins = pins_of(recorded);
    into.proof.reproducible = recorded.reproducible;
    into.proof.fixups = exec::parse_fixups(recorded.fixups);
    if (recorded.epoch) {
        into.source_date_epoch = from_unix(*recorded.epoch);
        if (recorded.fixed_times)
            into.proof.timestamp = from_unix(*recorded.epoch);
        if (into.build_args.contains(epoch_variable))
            into.build_args[epoch_variable] = std::to_string(*recorded.epoch);
    }
    take_source(recorded, into);
}

} // namespace

std::optional<verify::Provenance> find_provenance(const verify::OpenedImage &image,
                                                  const verify::Variant &variant, const std::stop_token &stop)
{
    for (const auto &companion : image.companions) {
        if (companion.json.empty() || !is_about(companion, variant))
            continue;
        const auto document = oci::parse_manifest(companion.json);
        const auto *manifest = std::get_if<oci::Manifest>(&document);
        if (manifest == nullptr)
            continue;
        for (const auto &layer : manifest->layers) {
            const auto type = layer.annotations.find("in-toto.io/predicate-type");
            if (type == layer.annotations.end() || type->second != verify::provenance_type)
                continue;
            const auto statement = read_all(*image.blobs->open(layer, stop), most_bytes);
            if (const auto predicate = predicate_of(statement))
                return verify::parse_provenance(*predicate);
        }
    }
    return std::nullopt;
}

BuildOptions rebuild_options(const BuildOptions &given, const verify::Variant &variant,
                             const std::optional<verify::Provenance> &provenance,
                             const std::filesystem::path &directory)
{
    auto options = given;
    options.no_cache = true; // a cache would prove what it remembers
    options.platforms = {variant.image.config.platform};
    options.annotations = variant.image.annotations;
    take_compression(compression_of(variant.image), options);
    if (provenance) {
        take_recorded(*provenance, options);
        if (!provenance->compression.empty())
            take_compression(provenance->compression, options);
    } else if (!options.source_date_epoch) {
        options.source_date_epoch = variant.image.config.created;
    }
    if (options.context.empty()) {
        if (!options.dockerfile && !options.proof.dockerfile_text)
            throw Error{ErrorKind::usage, "nothing says what the image was built from"}.with_hint(
                "give the sources with --context DIR; an image that is built with --provenance max says it "
                "itself");
        options.context = directory / "context";
        std::filesystem::create_directories(options.context);
    }
    output::OutputSpec layout;
    layout.type = output::OutputType::oci;
    layout.destination = directory / "image";
    layout.as_tar = false;
    layout.oci_media_types = !variant.image.docker_types;
    options.outputs = {std::move(layout)};
    return options;
}

} // namespace mica::cli
