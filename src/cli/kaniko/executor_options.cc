#include "cli/kaniko/executor_options.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "cli/grants.hh"
#include "cli/kaniko/flag_makers.hh"
#include "cli/values.hh"
#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace mica::cli::kaniko {

namespace {

Error wrong(std::string message)
{
    return Error{ErrorKind::usage, std::move(message)};
}

void add_name_value(std::map<std::string, std::string> &into, const std::string &given)
{
    auto [name, text] = parse_name_value(given);
    if (!text)
        throw wrong(fmt::format("\"{}\" has no value: NAME=VALUE", given));
    into.insert_or_assign(std::move(name), std::move(*text));
}

std::vector<Flag> source_flags(ExecutorOptions &into, const Environment &environment)
{
    return {
        with_default(text('c', "context", "CONTEXT",
                          "The build context: a directory (a path, or dir://PATH); an archive (tar://FILE, "
                          "tar://stdin, "
                          "https://ADDRESS, s3://BUCKET/KEY, gs://BUCKET/NAME, a blob of Azure by its "
                          "address), plain or "
                          "compressed; a repository (git://HOST/PATH[#REF[#COMMIT]]).",
                          into.context),
                     into.context),
        text(0, "context-sub-path", "PATH", "The build context is this directory inside of the context.",
             into.context_sub_path),
        text('b', "bucket", "NAME", "An older way to name a bucket: the context is a path in it.",
             into.bucket),
        with_default(
            text('f', "dockerfile", "PATH",
                 "The Dockerfile: a path from the working directory, else from the context; or an http(s) "
                 "address.",
                 into.dockerfile),
            into.dockerfile),
        build_arg_flag(into.build.build_args, environment),
        repeated(value("target", "STAGE[,STAGE]",
                       "Builds these stages instead of the last one; the first one is the image.",
                       [&into](const std::string &given) {
                           for (const auto part : split(given, ','))
                               into.targets.emplace_back(trim(part));
                       })),
        with_alias(
            value("custom-platform", "OS/ARCH[/VARIANT]",
                  "The platform of the image and of its base (default: this machine's).",
                  [&into](const std::string &given) { into.build.platforms = {oci::parse_platform(given)}; }),
            "customPlatform"),
        repeated(value("secret", "id=ID[,src=FILE][,env=NAME][,type=file|env]",
                       "Lends a file or a variable to the RUNs that mount the secret; it enters no layer.",
                       [&](const std::string &given) {
                           auto secret = parse_secret(given, environment);
                           into.build.secrets.insert_or_assign(secret.first, secret.second);
                       })),
    };
}

std::vector<Flag> image_flags(ExecutorOptions &into)
{
    return {
        destination_flag(into.destinations),
        repeated(value("label", "NAME=VALUE",
                       "A label of the image; it wins over LABEL, and no cached step depends "
                       "on it.",
                       [&into](const std::string &given) { add_name_value(into.build.labels, given); })),
        repeated(value("annotation", "KEY=VALUE", "An annotation of the image's manifest.",
                       [&into](const std::string &given) { add_name_value(into.build.annotations, given); })),
        truth("reproducible",
              "All times of the image and of its files are 1970-01-01 (of the layers that are built; those "
              "of the base "
              "stay as they are). SOURCE_DATE_EPOCH gives another time.",
              into.reproducible),
        with_default(value("image-format", "docker|oci", "The media types of the image.",
                           [&into](const std::string &given) {
                               if (given != "docker" && given != "oci")
                                   throw wrong(fmt::format("\"{}\" is neither docker nor oci", given));
                               into.docker_format = given == "docker";
                           }),
                     "oci"),
        with_default(value("compression", "gzip|zstd", "How new layers are compressed.",
                           [&into](const std::string &given) {
                               if (!given.empty())
                                   into.build.compression_kind = parse_compression(given);
                           }),
                     "gzip"),
        with_default(value("compression-level", "N",
                           "How hard they are compressed; zero and less mean mica's own choice.",
                           [&into](const std::string &given) {
                               const auto level = static_cast<int>(parse_number(given, -1, 22));
                               into.build.compression_level = level > 0 ? std::optional{level} : std::nullopt;
                           }),
                     "-1"),
    };
}

std::vector<Flag> output_flags(ExecutorOptions &into)
{
    return {
        with_variable(truth("no-push", "The image is built, and not pushed.", into.no_push),
                      "KANIKO_NO_PUSH"),
        with_alias(text(0, "tar-path", "FILE", "Writes the image as an archive for \"docker load\", too.",
                        into.tar_path),
                   "tarPath"),
        text(0, "oci-layout-path", "DIR", "Writes the image as an OCI layout, too.", into.oci_layout_path),
        text(0, "digest-file", "FILE|https://ADDRESS",
             "Writes the image's digest (sha256:…, without a line's end) when everything else is done; to an "
             "address "
             "by PUT.",
             into.digest_files.digest),
        text(0, "image-name-with-digest-file", "FILE", "Writes REPOSITORY@DIGEST, one line a destination.",
             into.digest_files.names_with_digest),
        text(0, "image-name-tag-with-digest-file", "FILE",
             "Writes REPOSITORY:TAG@DIGEST, one line a destination.", into.digest_files.names_tags_digest),
        truth("dryrun", "The stages and steps are shown on standard output; nothing is built or pushed.",
              into.dry_run),
    };
}

void check_snapshot_mode(const std::string &given)
{
    constexpr std::array<std::string_view, 3> modes{"full", "redo", "time"};
    if (std::find(modes.begin(), modes.end(), given) == modes.end())
        throw wrong(fmt::format("\"{}\" is none of full, redo, time", given));
}

/// What Kaniko needs because it unpacks images over its own root directory, and mica does not.
std::vector<Flag> idle_flags()
{
    const std::string own_tree =
        "Images are not unpacked over the container's own root directory: there is nothing ";
    return {
        with_alias(
            idle_value("snapshot-mode", "full|redo|time", "full",
                       "The changes of a RUN are always found exactly, without reading files that did not "
                       "change.",
                       check_snapshot_mode),
            "snapshotMode"),
        idle_switch("use-new-run", "false", "See --snapshot-mode."),
        with_alias(
            idle_switch("ignore-var-run", "true",
                        "What the container has at /var/run is never seen, and what the image has there is "
                        "never lost."),
            "whitelist-var-run"),
        with_variable(idle_switch("cleanup", "false", own_tree + "to delete when the build is done."),
                      "KANIKO_CLEANUP"),
        with_variable(idle_switch("pre-cleanup", "false", own_tree + "to delete before the build."),
                      "KANIKO_PRE_CLEANUP"),
        with_variable(idle_switch("preserve-context", "false",
                                  own_tree + "to restore: the build changes no file of "
                                             "it."),
                      "KANIKO_PRESERVE_CONTEXT"),
        idle_switch("materialize", "false", own_tree + "that the image would have to be unpacked for."),
        idle_switch("force", "false", "mica runs wherever it is started: outside of containers, too."),
        idle_switch("skip-unused-stages", "false", "Stages that the target does not need are never built."),
        idle_switch(
            "force-build-metadata", "false",
            "Instructions that change the image's configuration make no layer, with a cache and without."),
        idle_switch("compressed-caching", "true", "Layers are never held in memory as a whole."),
        idle_value(
            "image-fs-extract-retry", "N", "0",
            "A download that broke off is continued (see --image-download-retry), and nothing is unpacked "
            "twice.",
            [](const std::string &given) { (void)parse_number(given, 0, 1000); }),
        idle_value("azure-container-registry-config", "FILE", "",
                   "The credentials come from the environment."),
    };
}

std::vector<Flag> other_flags(ExecutorOptions &into)
{
    return {
        truth("single-snapshot",
              "All that the steps of the last stage changed is one layer; what they made and removed again "
              "is in none.",
              into.build.single_layer),
        with_variable(
            text(0, "kaniko-dir", "DIR", "mica keeps its state below this directory.", into.kaniko_dir),
            "KANIKO_DIR"),
        list(0, "ignore-path", "PATH",
             "What is at this path or below it gets into no layer that is built, and is not there for later "
             "steps; "
             "\"*\", \"?\" and \"[...]\" match within one name.",
             into.build.ignored_paths),
        repeated(value(
            "git", "KEY=VALUE",
            "How a git context is fetched: branch=NAME (or a tag), recurse-submodules=true, "
            "insecure-skip-tls=true (any certificate will do); depth=N keeps .git with so many commits of "
            "history, 0 with all of it; without it one commit is fetched, and there is no .git. "
            "single-branch changes nothing: never more than one is fetched.",
            [&into](const std::string &given) { add_git_flag(into.git, given); })),
        helpers_flag(into.registry),
    };
}

} // namespace

Program executor_program(ExecutorOptions &into, const Environment &environment)
{
    return {"executor", "Builds an image from a Dockerfile, and pushes it.",
            joined({source_flags(into, environment), image_flags(into), output_flags(into),
                    cache_flags(into.cache), push_flags(into.registry), pull_flags(into.registry, true),
                    other_flags(into), log_flags(into.log), idle_flags()})};
}

void check_together(const ExecutorOptions &options)
{
    if (options.destinations.empty() && !options.no_push)
        throw wrong("there is no --destination to push the image to").with_hint("give one, or --no-push");
    const bool zstd = options.build.compression_kind == Compression::zstd;
    if (zstd && (options.docker_format.value_or(false) || !options.tar_path.empty()))
        throw wrong("Docker's own format has no layers that are compressed with zstd")
            .with_hint("leave out --compression=zstd, or --image-format=docker and --tar-path");
    if (options.docker_format == false && !options.tar_path.empty())
        throw wrong("an archive for \"docker load\" (--tar-path) is in Docker's format")
            .with_hint("leave out --image-format=oci, or write a layout with --oci-layout-path");
}

} // namespace mica::cli::kaniko
