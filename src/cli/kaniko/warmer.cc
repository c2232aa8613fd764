#include "cli/kaniko/warmer.hh"

#include "base/error.hh"
#include "cli/dockerfile_source.hh"
#include "cli/kaniko/duration.hh"
#include "cli/kaniko/flag_makers.hh"
#include "cli/kaniko/help.hh"
#include "cli/kaniko/logged_run.hh"
#include "cli/registry_access.hh"
#include "cli/state_directory.hh"
#include "cli/warm_images.hh"
#include "io/fd.hh"
#include "ui/diagnostics.hh"
#include <filesystem>
#include <unistd.h>
#include <utility>

namespace mica::cli::kaniko {

namespace {

namespace fs = std::filesystem;

void warm(const WarmerOptions &options, const Environment &environment, EventBus &bus,
          const std::stop_token &stop)
{
    const StateDirectory state{StateDirectory::choose(std::nullopt, environment)};
    const auto scratch = state.make_scratch(stop);
    RegistryAccess access{registry_options_of(options.registry, {}), bus, stop};
    const fs::path directory{options.cache_dir};
    const WarmServices services{access.client(), directory / "oci", directory / "trees", scratch.path(), bus};
    exec::BuildRequest request;
    request.build_args = options.build_args;
    if (options.platform)
        request.platforms = {*options.platform};
    auto images = options.images;
    if (!options.dockerfile.empty()) {
        request.dockerfile_name = options.dockerfile;
        request.dockerfile_text = read_file(options.dockerfile, longest_dockerfile);
        for (auto &name : images_of_all_stages(request, services, stop))
            images.push_back(std::move(name));
    }
    warm_what_can_be(images, request, services, stop);
}

} // namespace

Program warmer_program(WarmerOptions &into, const Environment &environment)
{
    auto force = idle_switch(
        "force", "false",
        "What a name means is asked of its registry every time; layers that are there already are "
        "those of the image, whenever they were fetched.");
    force.short_name = 'f';
    std::vector<Flag> own{
        list('i', "image", "NAME", "An image to fetch.", into.images),
        text('d', "dockerfile", "PATH", "Fetch what the stages of this Dockerfile start and copy from.",
             into.dockerfile),
        build_arg_flag(into.build_args, environment),
        with_default(text('c', "cache-dir", "DIR",
                          "Where the images go: an OCI layout, and the names of the layers' files. Executors "
                          "read it with "
                          "--cache-dir.",
                          into.cache_dir),
                     into.cache_dir),
        with_alias(value("customPlatform", "OS/ARCH[/VARIANT]",
                         "For this platform (default: this machine's).",
                         [&into](const std::string &given) { into.platform = oci::parse_platform(given); }),
                   "custom-platform"),
        std::move(force),
        idle_value("cache-ttl", "DURATION", "336h", "See --force: nothing that is there can be stale.",
                   [](const std::string &given) { (void)parse_duration(given); }),
    };
    return {"warmer", "Fetches base images into a directory that executors share.",
            joined({std::move(own),
                    pull_flags(into.registry, false),
                    {helpers_flag(into.registry)},
                    log_flags(into.log)})};
}

int run_warmer(const std::vector<std::string> &arguments, const Environment &environment)
{
    WarmerOptions options;
    const auto program = warmer_program(options, environment);
    if (parse(program, arguments, environment) == Parsed::help_wanted) {
        write_all(STDOUT_FILENO, as_bytes(help(program)));
        return ui::exit_code::success;
    }
    if (options.images.empty() && options.dockerfile.empty())
        throw Error{ErrorKind::usage, "there is nothing to fetch"}.with_hint(
            "name images with --image, or a Dockerfile with --dockerfile");
    return run_logged(options.log, environment, [&](EventBus &bus, const std::stop_token &stop) {
        warm(options, environment, bus, stop);
        return ui::exit_code::success;
    });
}

} // namespace mica::cli::kaniko
