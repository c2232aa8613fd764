#include "cli/verify_command.hh"

#include "auth/credentials.hh"
#include "cli/arguments.hh"
#include "cli/build_session.hh"
#include "cli/command_run.hh"
#include "cli/option_groups.hh"
#include "cli/rebuild.hh"
#include "cli/state_directory.hh"
#include "cli/trouble.hh"
#include "cli/values.hh"
#include "cli/version.hh"
#include "oci/platform.hh"
#include "registry/client.hh"
#include "ui/diagnostics.hh"
#include "verify/compare.hh"
#include <fmt/format.h>

namespace mica::cli {

namespace {

class Verification {
public:
    Verification(const VerifyOptions &options, const Environment &environment, EventBus &bus,
                 const std::stop_token &stop)
        : options_{options}, environment_{environment}, bus_{bus}, stop_{stop},
          state_{StateDirectory::choose(options.build.state, environment)},
          scratch_{state_.make_scratch(stop)}, credentials_{auth::docker_config_provider()}
    {
        registry::Options registries;
        registries.insecure_registries = options.build.insecure_registries;
        registries.user_agent = fmt::format("mica/{}", version());
        client_ = registry::make_client(registries, *credentials_);
    }

    int run()
    {
        auto image =
            verify::open_image(verify::parse_location(options_.image), *client_, std::nullopt, stop_);
        if (const auto wanted = platform())
            std::erase_if(image.variants, [&](const verify::Variant &variant) {
                return !oci::satisfies(variant.image.config.platform, *wanted);
            });
        if (image.variants.empty())
            throw Error{ErrorKind::not_found, "the image has no variant for that platform"};
        std::string report;
        for (const auto &variant : image.variants)
            report += check(image, variant);
        if (!report.empty()) {
            write_report(options_.output, report);
            return 1;
        }
        write_report(std::nullopt,
                     fmt::format("{} {} is what its sources build\n", image.name, image.top.digest.str()));
        return 0;
    }

private:
    [[nodiscard]] std::optional<oci::Platform> platform() const
    {
        const auto &asked = options_.build.platforms;
        return asked.empty() ? std::nullopt : std::optional{asked.front()};
    }

    /// The report; empty if the rebuilt image is the same.
    std::string check(const verify::OpenedImage &image, const verify::Variant &variant)
    {
        const auto provenance = find_provenance(image, variant, stop_);
        if (options_.from_provenance && !provenance)
            throw Error{ErrorKind::not_found, "the image has no provenance"}.with_hint(
                "give its sources with --context DIR, and what else it was built with");
        const auto directory = scratch_.path() / variant.manifest.digest.hex();
        std::filesystem::create_directories(directory);
        auto rebuild = rebuild_options(options_.build, variant, provenance, directory);
        const auto built = build(rebuild);
        const bool same = variant.manifest_json.empty() ? built.config_digest == variant.manifest.digest
                                                        : built.descriptor.digest == variant.manifest.digest;
        if (same)
            return {};
        verify::OpenedImage original{
            .name = image.name, .top = variant.manifest, .top_json = variant.manifest_json};
        original.variants = {variant};
        original.blobs = image.blobs;
        auto rebuilt =
            verify::open_image({verify::Location::Kind::layout, directory / "image", {}, "(rebuilt)"},
                               *client_, std::nullopt, stop_);
        const auto report = verify::compare(original, rebuilt, {}, stop_);
        return render(report);
    }

    [[nodiscard]] ImageMetadata build(const BuildOptions &rebuild) const
    {
        try {
            return BuildSession{rebuild, environment_, bus_, stop_}.run();
        } catch (Error &error) {
            const bool has_sources = !options_.build.context.empty() || !rebuild.proof.context_pin.empty();
            if (!has_sources && error.kind() == ErrorKind::not_found)
                error.set_hint("the image was built from a directory: give it with --context DIR");
            throw;
        }
    }

    [[nodiscard]] std::string render(const verify::Report &report) const
    {
        if (options_.format == ReportFormat::json)
            return verify::render_json(report);
        return options_.format == ReportFormat::html ? verify::render_html(report)
                                                     : verify::render_text(report);
    }

    const VerifyOptions &options_;
    const Environment &environment_;
    EventBus &bus_;
    const std::stop_token &stop_;
    StateDirectory state_;
    ScratchDirectory scratch_;
    std::unique_ptr<auth::CredentialProvider> credentials_;
    std::unique_ptr<registry::Client> client_;
};

} // namespace

CommandSpec verify_command_spec(VerifyOptions &into, const Environment &environment)
{
    CommandSpec command;
    command.name = "verify";
    command.summary = "Rebuild an image and compare.";
    command.description =
        "Builds an image again, without a cache, from what its provenance says it was built from (base "
        "images by "
        "digest, arguments, times, target, platform) and from the sources, and compares digests. The exit "
        "status is 0 "
        "if they are the same; 1 if not, with a report as of \"mica diff\"; 2 if it cannot be told. An image "
        "without a "
        "provenance is built with what the options say, and its own time as SOURCE_DATE_EPOCH.";
    command.options = {
        {"--context", "DIR", "The sources.", false,
         [&into](const std::string &value) { into.build.context = value; }},
        {"--from-provenance", "",
         "Refuse an image without a provenance, instead of asking the options alone.", false,
         [&into](const std::string &value) { into.from_provenance = parse_switch(value); }},
        {"--format", "text|json|html", "The form of the report.", false,
         [&into](const std::string &value) { into.format = parse_report_format(value); }},
        {"--report", "FILE", "Write the report to a file instead of standard output.", false,
         [&into](const std::string &value) { into.output = value; }},
    };
    const auto more =
        options_named(build_command_spec(into.build, environment),
                      {"--file", "--target", "--build-arg", "--build-context", "--platform", "--label",
                       "--secret", "--ssh", "--allow", "--add-host", "--reproducible", "--fixup",
                       "--progress", "--debug", "--isolation", "--state", "--insecure-registry", "--jobs"});
    command.options.insert(command.options.end(), more.begin(), more.end());
    command.operands.push_back({"IMAGE", "The image, as \"mica diff\" takes it.",
                                [&into](const std::string &value) { into.image = value; }});
    return command;
}

std::optional<VerifyOptions> parse_verify_options(const std::vector<std::string> &arguments,
                                                  const Environment &environment)
{
    VerifyOptions options;
    options.build.progress = ui::Progress::quiet;
    if (parse_arguments(verify_command_spec(options, environment), arguments) == ParseOutcome::help_wanted)
        return std::nullopt;
    if (options.build.platforms.size() > 1)
        throw Error{ErrorKind::usage, "one platform can be asked for; without --platform all are verified"};
    settle_epoch(options.build, environment);
    return options;
}

int run_verify(const VerifyOptions &options, const Environment &environment, const std::stop_token &stop)
{
    const auto status = run_with_console(options.build, environment, stop, [&](EventBus &bus) {
        return with_trouble_told(environment,
                                 [&] { return Verification{options, environment, bus, stop}.run(); });
    });
    return status;
}

} // namespace mica::cli
