#include "cli/attest.hh"

#include "base/error.hh"
#include "cli/materials.hh"
#include "cli/version.hh"
#include "context/path_text.hh"
#include "context/remote_source.hh"
#include "io/fd.hh"
#include "oci/platform.hh"
#include "verify/provenance.hh"
#include "verify/sbom/sbom.hh"
#include "verify/variance.hh"
#include <array>
#include <fmt/format.h>
#include <unistd.h>

namespace mica::cli {

namespace {

std::string compression_text(const CompressionOptions &compression)
{
    const std::string kind = compression.kind == Compression::gzip   ? "gzip"
                             : compression.kind == Compression::zstd ? "zstd"
                                                                     : "uncompressed";
    return compression.level ? fmt::format("{}:{}", kind, *compression.level) : kind;
}

/// With an epoch a build has one time, so that its provenance can be repeated too.
Time time_of(Time honest, const exec::BuildResult &result)
{
    return result.epoch.value_or(std::chrono::floor<std::chrono::seconds>(honest));
}

/// The Dockerfile's path in the context; its name where it is elsewhere. A path of this machine would tell
/// two builds apart that are the same.
std::string recorded_dockerfile(const BuildOptions &options)
{
    namespace fs = std::filesystem;
    const auto &file = options.dockerfile;
    if (!file || *file == "-")
        return "Dockerfile";
    if (context::is_url(*file))
        return public_address(*file);
    std::error_code code;
    if (!fs::is_directory(options.context, code))
        return context::rooted_path(*file);
    const auto path =
        fs::weakly_canonical(*file, code).lexically_relative(fs::weakly_canonical(options.context, code));
    return path.empty() || path.native().starts_with("..") ? fs::path{*file}.filename().native()
                                                           : path.native();
}

verify::Provenance provenance_of(const BuildRecord &record, const oci::Platform &platform)
{
    verify::Provenance out;
    const auto &request = record.request;
    out.dockerfile_name = recorded_dockerfile(record.options);
    out.dockerfile = request.dockerfile_text;
    out.build_args = request.build_args;
    out.labels = request.labels;
    out.target = request.target;
    out.platform = oci::format_platform(platform);
    out.fixups = exec::format_fixups(request.fixups);
    if (record.result.epoch)
        out.epoch = std::chrono::floor<std::chrono::seconds>(*record.result.epoch).time_since_epoch().count();
    out.fixed_times = request.fixed_times;
    out.reproducible = request.reproducible;
    out.compression = compression_text(request.compression);
    for (const auto &input : record.result.inputs)
        if (input.platform == out.platform || input.platform.empty())
            out.materials.push_back(material_of(input));
    if (const auto &origin = request.context_origin) {
        out.context_uri = public_address(origin->name);
        out.context_digest = origin->digest;
    }
    out.version = version();
    out.started = time_of(record.started, record.result);
    out.finished = time_of(record.finished, record.result);
    return out;
}

/// Attestations also go to files, named by what they are and, if there are several images, by platform.
class Attester {
public:
    Attester(const BuildRecord &record, EventBus &bus, const std::stop_token &stop)
        : record_{record}, bus_{bus}, stop_{stop}
    {
        if (const auto &directory = record.options.proof.attestation_directory)
            std::filesystem::create_directories(*directory);
    }

    std::vector<output::Attestation> run()
    {
        for (std::size_t i = 0; i < record_.result.images.size(); ++i)
            add_image(i);
        return std::move(attestations_);
    }

private:
    void add_image(std::size_t number)
    {
        const auto &image = record_.result.images[number];
        const auto &proof = record_.options.proof;
        if (proof.provenance) {
            const auto provenance = provenance_of(record_, image.config.platform);
            add(number, verify::provenance_type, verify::provenance_json(provenance, *proof.provenance),
                "provenance.json");
        }
        if (proof.sboms.empty())
            return;
        const auto inventory = verify::take_inventory(image, stop_);
        for (const auto &path : inventory.unread)
            bus_.publish(event::Note{event::Note::Level::warning,
                                     path + " cannot be read: its packages are missing in the SBOM",
                                     {}});
        const auto &tags = record_.options.tags;
        const verify::SbomSubject subject{tags.empty() ? "image" : tags.front().familiar(),
                                          oci::encode(image).config.digest.str(),
                                          time_of(record_.finished, record_.result), std::string{version()}};
        if (proof.sboms.contains(SbomForm::spdx))
            add(number, verify::spdx_type, verify::spdx_document(inventory, subject), "sbom.spdx.json");
        if (proof.sboms.contains(SbomForm::cyclonedx))
            add(number, verify::cyclonedx_type, verify::cyclonedx_document(inventory, subject),
                "sbom.cdx.json");
    }

    void add(std::size_t number, std::string_view type, std::string json, const std::string &file)
    {
        if (const auto &directory = record_.options.proof.attestation_directory)
            write_file_atomically(*directory / (prefix(number) + file), json);
        attestations_.push_back({number, std::string{type}, std::move(json)});
    }

    [[nodiscard]] std::string prefix(std::size_t number) const
    {
        if (record_.result.images.size() == 1)
            return {};
        auto platform = oci::format_platform(record_.result.images[number].config.platform);
        for (auto &c : platform)
            c = c == '/' ? '_' : c;
        return platform + ".";
    }

    const BuildRecord &record_;
    EventBus &bus_;
    const std::stop_token &stop_;
    std::vector<output::Attestation> attestations_;
};

std::string host_name()
{
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? std::string{name.data()} : std::string{};
}

const oci::PlacedLayer *find_layer(const oci::Image &image, const Digest &diff_id)
{
    for (const auto &layer : image.layers)
        if (layer.layer.diff_id == diff_id)
            return &layer;
    return nullptr;
}

} // namespace

void check_attestable(const BuildOptions &options)
{
    const auto &proof = options.proof;
    if ((!proof.provenance && proof.sboms.empty()) || proof.attestation_directory)
        return;
    for (const auto &spec : options.outputs)
        if (spec.type != output::OutputType::registry && spec.type != output::OutputType::oci)
            throw Error{ErrorKind::usage,
                        "provenance and SBOM have no place in a docker archive or a root file system"}
                .with_hint(
                    "write them to files with --attestation-dir, or the image to a registry or OCI layout");
}

std::vector<output::Attestation> attest(const BuildRecord &record, EventBus &bus, const std::stop_token &stop)
{
    return Attester{record, bus, stop}.run();
}

void report_variance(const BuildRecord &record, EventBus &bus, const std::stop_token &stop)
{
    constexpr std::size_t most = 10;
    const verify::BuildSurroundings surroundings{record.started, record.finished, host_name()};
    for (std::size_t i = 0; i < record.result.images.size(); ++i) {
        for (const auto &origin : record.result.origins[i]) {
            const auto *layer = find_layer(record.result.images[i], origin.diff_id);
            if (!origin.is_run || layer == nullptr)
                continue;
            for (const auto &found : verify::find_variance(*layer, surroundings, most, stop))
                bus.publish(event::Note{event::Note::Level::warning,
                                        fmt::format("/{} may vary from build to build: {} [{}]", found.path,
                                                    found.cause.sentence, found.cause.code),
                                        origin.where});
        }
    }
}

} // namespace mica::cli
