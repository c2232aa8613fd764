#include "cli/build_options.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "cli/arguments.hh"
#include "cli/grants.hh"
#include "cli/state_commands.hh"
#include "cli/values.hh"
#include <algorithm>
#include <fmt/format.h>
#include <limits>

namespace mica::cli {

namespace {

constexpr std::string_view epoch_variable = "SOURCE_DATE_EPOCH";

OptionSpec flag(std::string names, std::string help, bool &into)
{
    return {std::move(names), "", std::move(help), false,
            [&into](const std::string &value) { into = parse_switch(value); }};
}

OptionSpec text(std::string names, std::string value_name, std::string help, std::string &into)
{
    return {std::move(names), std::move(value_name), std::move(help), false,
            [&into](const std::string &value) { into = value; }};
}

template <class Optional>
OptionSpec optional(std::string names, std::string value_name, std::string help, Optional &into)
{
    return {std::move(names), std::move(value_name), std::move(help), false,
            [&into](const std::string &value) { into = value; }};
}

OptionSpec each(std::string names, std::string value_name, std::string help,
                std::function<void(const std::string &)> apply)
{
    return {std::move(names), std::move(value_name), std::move(help), true, std::move(apply)};
}

/// What is said last about a name counts.
template <class Map> void add(Map &map, typename std::pair<std::string, typename Map::mapped_type> entry)
{
    map.insert_or_assign(std::move(entry.first), std::move(entry.second));
}

void add_tag(BuildOptions &options, const std::string &value)
{
    auto tag = oci::Reference::parse(value);
    if (tag.digest())
        throw Error{ErrorKind::usage,
                    fmt::format("\"{}\" has a digest; the name of a new image cannot have one", value)};
    options.tags.push_back(std::move(tag));
}

/// A name without a value takes the environment's; where that has none, nothing is said.
void add_build_arg(BuildOptions &options, const Environment &environment, const std::string &text)
{
    auto [name, value] = parse_name_value(text);
    if (!value) {
        const auto found = environment.variables.find(name);
        if (found == environment.variables.end())
            return;
        value = found->second;
    }
    options.build_args[name] = *value;
}

void add_label(BuildOptions &options, const std::string &text)
{
    auto [name, value] = parse_name_value(text);
    options.labels[name] = value.value_or("");
}

void add_platforms(BuildOptions &options, const std::string &list)
{
    for (const auto part : split(list, ','))
        options.platforms.push_back(oci::parse_platform(trim(part)));
}

std::vector<OptionSpec> source_options(BuildOptions &into, const Environment &environment)
{
    return {
        optional("-f,--file", "PATH",
                 "The Dockerfile: a path, an http(s):// address, or \"-\" for standard input (default: "
                 "CONTEXT/Dockerfile). Where the context is no directory, it is a path in the context.",
                 into.dockerfile),
        text("--target", "STAGE", "Build this stage instead of the last one.", into.target),
        each("--build-arg", "NAME[=VALUE]", "Set an ARG. A name alone takes its value from the environment.",
             [&](const std::string &value) { add_build_arg(into, environment, value); }),
        each("--build-context", "NAME=SOURCE",
             "What a name in FROM or --from means: a directory, oci-layout://PATH[:TAG][@DIGEST], "
             "docker-image://REF, or the address of a git repository or of a file (then called \"context\").",
             [&](const std::string &value) { add(into.named_contexts, parse_build_context(value)); }),
        each("--platform", "OS/ARCH[/VARIANT]",
             "Build for this platform (default: this machine's). Several, also separated by commas, make an "
             "index.",
             [&](const std::string &value) { add_platforms(into, value); }),
        each("--add-host", "HOST:ADDRESS", "A line of /etc/hosts for every RUN.",
             [&](const std::string &value) { into.extra_hosts.push_back(parse_extra_host(value)); }),
    };
}

std::vector<OptionSpec> grant_options(BuildOptions &into, const Environment &environment)
{
    return {
        each("--secret", "id=ID[,src=PATH|,env=NAME]",
             "Lend a file or an environment variable to the RUNs that mount the secret; it enters no layer.",
             [&](const std::string &value) { add(into.secrets, parse_secret(value, environment)); }),
        each("--ssh", "default|ID=SOCKET",
             "Lend an SSH agent to the RUNs that mount it (default: SSH_AUTH_SOCK's).",
             [&](const std::string &value) { add(into.ssh_agents, parse_ssh(value, environment)); }),
        each("--allow", "network.host|security.insecure|device[=NAME]",
             "Allow RUN what it may only do with your consent.",
             [&](const std::string &value) { add_entitlement(into.allowed, value); }),
    };
}

std::vector<OptionSpec> image_options(BuildOptions &into)
{
    return {
        each("-t,--tag", "NAME[:TAG]", "A name for the image.",
             [&](const std::string &value) { add_tag(into, value); }),
        each("--label", "NAME=VALUE", "A label of the image; it wins over LABEL.",
             [&](const std::string &value) { add_label(into, value); }),
        each("--annotation", "KEY=VALUE", "An annotation of the image's manifest.",
             [&](const std::string &value) { add(into.annotations, parse_annotation(value)); }),
    };
}

std::vector<OptionSpec> output_options(BuildOptions &into)
{
    return {
        flag("--push", "Push the image to the registries of its names; the same as --output type=registry.",
             into.push),
        each("-o,--output", "type=TYPE,dest=PATH",
             "Where the image goes: type registry, oci (a layout: dest=FILE, or dest=DIR,tar=false), docker "
             "(an archive "
             "for \"docker load\"), tar or local (its root file system). Without an output and a push the "
             "image is kept "
             "in the state directory, where FROM finds it by its name.",
             [&](const std::string &value) { into.outputs.push_back(output::parse_output(value)); }),
        optional("--iidfile", "FILE",
                 "Write the image's ID (the digest of its config; of an index, its own) to a file.",
                 into.iidfile),
        optional("--metadata-file", "FILE", "Write digests and names to a file, as JSON.",
                 into.metadata_file),
    };
}

std::vector<OptionSpec> cache_options(BuildOptions &into)
{
    return {
        flag("--no-cache", "Build every step, whatever is in the cache.", into.no_cache),
        each("--cache-from", "type=registry,ref=REF",
             "Take steps from a shared cache: of a registry (ref=REF, or just REF; also an image with an "
             "inline cache), or a directory (type=local,src=DIR[,tag=TAG]). ttl=TIME leaves out what is "
             "older.",
             [&](const std::string &value) { into.cache_from.push_back(parse_cache_from(value)); }),
        each("--cache-to", "type=registry,ref=REF",
             "Add the steps of this build to a shared cache: type registry (ref=REF), local "
             "(dest=DIR[,tag=TAG]) or inline (in the image). mode=max adds all steps, mode=min (the default) "
             "those of the image; keep=TIME (default: 14d) is how long steps stay that no build uses.",
             [&](const std::string &value) { into.cache_to.push_back(parse_cache_to(value)); }),
        {"--cache-mounts", "all|export=ID,...",
         "Export the directories of RUN --mount=type=cache, all or those with these ids, to the caches of "
         "--cache-to; a build that starts without one takes it from --cache-from. max-size=SIZE (default: "
         "2g) "
         "is the largest one that is exported.",
         false, [&](const std::string &value) { into.cache_mounts = parse_cache_mounts(value); }},
        optional("--cache-dir", "DIR",
                 "Base images that mica warm fetched into this directory, which is only read.",
                 into.cache_dir),
        {"--cache-error", "warn|fail",
         "Whether a shared cache that cannot be read or written is a warning (the default) or fails the "
         "build.",
         false, [&](const std::string &value) { into.cache_error_fails = parse_cache_error(value); }},
        flag("--explain-cache",
             "Say of every step that was not in the cache what differs from the one most like it.",
             into.explain_cache),
    };
}

std::vector<OptionSpec> way_options(BuildOptions &into)
{
    return {
        {"--call", "METHOD[,format=json]",
         "Answer a question on standard output instead of building: check (the build checks; status 1 if one "
         "finds something), outline (arguments, secrets and agents that the target takes), targets (the "
         "stages).",
         false, [&](const std::string &value) { into.call = parse_call(value); }},
        {"--check", "", "The same as --call check.", false,
         [&](const std::string &value) {
             into.call.method = value == "true" ? CallMethod::check : CallMethod::build;
         }},
        {"--progress", "auto|plain|tty|json|quiet",
         "How the build is shown on standard error. quiet shows failures alone, and prints the image's ID on "
         "standard "
         "output.",
         false, [&](const std::string &value) { into.progress = parse_progress(value); }},
        flag("-D,--debug", "Show more: for instance how the isolation was chosen.", into.debug),
        optional("--trace", "FILE",
                 "Write a timeline of the build's tasks, for chrome://tracing or ui.perfetto.dev.",
                 into.trace),
        text("--isolation", "auto|ns|userns|chroot|translate|inplace",
             "How the commands of RUN are isolated (default: the best that works here).", into.isolation),
        optional("--state", "DIR", "The state directory (default: see the environment variable MICA_STATE).",
                 into.state),
        {"--keep-storage", "SIZE",
         "After the build, remove from the state directory what was not used for the longest time, until it "
         "is "
         "no larger than this (500MiB, 10g; default: see the environment variable MICA_KEEP_STORAGE).",
         false, [&](const std::string &value) { into.keep_storage = parse_storage(value); }},
        each("--insecure-registry", "HOST[:PORT]",
             "Speak plain HTTP to this registry (to loopback it is always allowed).",
             [&](const std::string &value) { into.insecure_registries.push_back(value); }),
        {"--jobs", "N", "Build at most so many stages side by side (default: all that can be).", false,
         [&](const std::string &value) {
             into.jobs = static_cast<unsigned>(parse_number(value, 1, std::numeric_limits<int>::max()));
         }},
    };
}

std::vector<OptionSpec> compression_options(BuildOptions &into)
{
    return {
        {"--compression", "gzip|zstd|none", "How new layers are compressed (default: gzip).", false,
         [&](const std::string &value) { into.compression_kind = parse_compression(value); }},
        {"--compression-level", "N", "0 to 9 for gzip, 0 to 22 for zstd.", false,
         [&](const std::string &value) {
             into.compression_level = static_cast<int>(parse_number(value, 0, 22));
         }},
    };
}

bool is_push(const output::OutputSpec &spec)
{
    return spec.type == output::OutputType::registry;
}

/// --push is an output like any other; outputs without a name of their own get the tags.
void settle_outputs(BuildOptions &options)
{
    if (options.push && std::none_of(options.outputs.begin(), options.outputs.end(), is_push)) {
        output::OutputSpec push;
        push.type = output::OutputType::registry;
        options.outputs.push_back(std::move(push));
    }
    for (auto &spec : options.outputs) {
        if (spec.names.empty())
            spec.names = options.tags;
        if (is_push(spec) && spec.names.empty())
            throw Error{ErrorKind::usage, "there is no name to push the image to"}.with_hint(
                "give one with -t REGISTRY/REPOSITORY:TAG");
        options.push = options.push || is_push(spec);
    }
}

/// What one of several places says about the layers, if no other place contradicts it.
template <class Value> void agree(std::optional<Value> &all, const std::optional<Value> &one)
{
    if (all && one && *all != *one)
        throw Error{ErrorKind::usage, "the options ask for two compressions, but a layer has one"};
    if (one)
        all = one;
}

/// Layers are compressed once, whatever number of outputs they go to.
void settle_compression(BuildOptions &options)
{
    auto kind = options.compression_kind;
    auto level = options.compression_level;
    for (const auto &spec : options.outputs) {
        agree(kind, spec.compression);
        agree(level, spec.compression_level);
    }
    options.compression = checked_compression(kind.value_or(Compression::gzip), level);
}

} // namespace

void settle_epoch(BuildOptions &options, const Environment &environment)
{
    const std::string name{epoch_variable};
    const auto found = options.build_args.find(name);
    const auto text =
        epoch_text(options.proof,
                   found == options.build_args.end() ? environment.get(name) : std::optional{found->second});
    if (!text)
        return;
    options.build_args.insert_or_assign(name, *text);
    if (!names_epoch(*text)) // a name is looked up when the Dockerfile is known
        options.source_date_epoch =
            in_context([&] { return "reading " + name; }, [&] { return parse_source_date_epoch(*text); });
}

void settle(BuildOptions &options, const Environment &environment)
{
    settle_outputs(options);
    settle_compression(options);
    settle_epoch(options, environment);
}

CommandSpec build_command_spec(BuildOptions &into, const Environment &environment)
{
    CommandSpec command;
    command.name = "build";
    command.summary = "Build an image from a Dockerfile.";
    command.description =
        "Builds an image from a Dockerfile and the files of a directory, the context. Only the stages "
        "that the target needs are built, side by side where they can be.";
    for (auto &group : {source_options(into, environment), grant_options(into, environment),
                        image_options(into), output_options(into), compression_options(into),
                        proof_option_specs(into.proof), cache_options(into), push_options(into.registries),
                        connection_options(into.registries), way_options(into)})
        command.options.insert(command.options.end(), group.begin(), group.end());
    command.operands.push_back(
        {"CONTEXT",
         "What the Dockerfile may use files of: a directory, tar://FILE, a git "
         "repository (URL[#REF[:SUBDIR]]), the address of an archive or a Dockerfile "
         "(http(s)://, s3://BUCKET/KEY, gs://BUCKET/NAME), or \"-\": one of these two on standard input.",
         [&into](const std::string &value) { into.context = value; }});
    return command;
}

std::optional<BuildOptions> parse_build_options(const std::vector<std::string> &arguments,
                                                const Environment &environment)
{
    BuildOptions options;
    if (parse_arguments(build_command_spec(options, environment), arguments) == ParseOutcome::help_wanted)
        return std::nullopt;
    settle(options, environment);
    return options;
}

} // namespace mica::cli
