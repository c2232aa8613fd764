#include "cli/images/build_all_command.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "cli/build_session.hh"
#include "cli/console_choice.hh"
#include "cli/images/pipeline_tags.hh"
#include "cli/shown_run.hh"
#include "cli/state_commands.hh"
#include "cli/state_limit.hh"
#include "cli/values.hh"
#include "exec/graph_runner.hh"
#include "oci/platform.hh"
#include "ui/console.hh"
#include "ui/diagnostics.hh"
#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <unistd.h>

namespace mica::cli {

namespace {

constexpr std::string_view latest = "latest";

PipelineTags tags_of(const BuildAllRequest &request, const Environment &environment)
{
    if (!request.tags.empty())
        return {request.tags, false, std::nullopt};
    if (auto tags = pipeline_tags(environment))
        return *tags;
    return {{std::string{latest}}, false, std::nullopt};
}

/// The images that are wanted, each after its bases.
std::vector<ImageFolder> chosen(const BuildAllRequest &request)
{
    auto tree = read_image_tree(request.root);
    for (const auto &name : request.only)
        if (std::none_of(tree.begin(), tree.end(), [&](const auto &folder) { return folder.name == name; }))
            throw Error{ErrorKind::usage, fmt::format("there is no image \"{}\" in {}", name, request.root)};
    if (!request.only.empty())
        std::erase_if(tree, [&](const auto &folder) { return !request.only.contains(folder.name); });
    return tree;
}

exec::Graph graph_of(const std::vector<ImageFolder> &tree, unsigned jobs)
{
    exec::Graph graph{{}, jobs};
    for (const auto &folder : tree) {
        graph.inputs.emplace_back();
        for (std::uint32_t other = 0; other < tree.size(); ++other)
            if (folder.bases.contains(tree[other].name))
                graph.inputs.back().push_back(other);
    }
    return graph;
}

void note(EventBus &bus, const std::exception_ptr &error)
{
    try {
        std::rethrow_exception(error);
    } catch (const Error &other) {
        bus.publish(
            event::Note{event::Note::Level::warning, "another image failed, too: " + other.message(), {}});
    } catch (const std::exception &other) {
        bus.publish(event::Note{event::Note::Level::warning, other.what(), {}});
    }
}

void add_platforms(BuildOptions &options, const std::string &list)
{
    for (const auto part : split(list, ','))
        options.platforms.push_back(oci::parse_platform(trim(part)));
}

OptionSpec common(std::string names, std::string value_name, std::string help, bool repeatable,
                  std::function<void(const std::string &)> apply)
{
    return {std::move(names), std::move(value_name), std::move(help), repeatable, std::move(apply)};
}

std::vector<OptionSpec> tree_options(BuildAllRequest &into)
{
    return {
        common("--registry", "NAME", "Where the images are: the image of a folder is NAME/FOLDER.", false,
               [&](const std::string &value) { into.registry = value; }),
        common("--push", "", "Push the images.", false,
               [&](const std::string &value) { into.build.push = parse_switch(value); }),
        common("--only", "IMAGE", "This image alone; its bases are taken from the registry.", true,
               [&](const std::string &value) { into.only.insert(value); }),
        common("--tag", "TAG",
               "A tag for every image (default: in a GitLab pipeline the commit's name, the branch's slug, "
               "and on the "
               "default branch latest; else latest).",
               true, [&](const std::string &value) { into.tags.push_back(value); }),
    };
}

std::vector<OptionSpec> way_options(BuildAllRequest &into)
{
    auto &build = into.build;
    return {
        common("--build-arg", "NAME=VALUE", "Set an ARG of every image.", true,
               [&](const std::string &value) {
                   auto [name, text] = parse_name_value(value);
                   build.build_args.insert_or_assign(std::move(name), text.value_or(""));
               }),
        common("--build-context", "NAME=SOURCE", "As \"mica build\" has it, for every image.", true,
               [&](const std::string &value) { build.named_contexts.insert(parse_build_context(value)); }),
        common("--platform", "OS/ARCH[/VARIANT]", "Build for this platform; several make an index.", true,
               [&](const std::string &value) { add_platforms(build, value); }),
        common("--insecure-registry", "HOST[:PORT]", "Speak plain HTTP to this registry.", true,
               [&](const std::string &value) { build.insecure_registries.push_back(value); }),
        common("--no-cache", "", "Build every step, whatever is in the cache.", false,
               [&](const std::string &value) { build.no_cache = parse_switch(value); }),
        common("--jobs", "N", "Build at most so many images side by side (default: all that can be).", false,
               [&](const std::string &value) {
                   build.jobs =
                       static_cast<unsigned>(parse_number(value, 1, std::numeric_limits<int>::max()));
               }),
        common("--state", "DIR", "The state directory.", false,
               [&](const std::string &value) { build.state = value; }),
        common("--keep-storage", "SIZE",
               "How large the state directory may be after the builds (default: see the environment variable "
               "MICA_KEEP_STORAGE).",
               false, [&](const std::string &value) { build.keep_storage = parse_storage(value); }),
        common("--progress", "auto|plain|tty|json|quiet", "How the builds are shown on standard error.",
               false, [&](const std::string &value) { build.progress = parse_progress(value); }),
    };
}

} // namespace

CommandSpec build_all_command_spec(BuildAllRequest &into)
{
    CommandSpec command;
    command.name = "build-all";
    command.summary = "Build every image of a directory.";
    command.description = "Each folder of the directory that has a Dockerfile is an image. They are built "
                          "side by side, each after the "
                          "images that it is made from (\"FROM ${REGISTRY}/NAME:${TAG}\"; the build "
                          "arguments REGISTRY and TAG are set). "
                          "The tag latest is never moved to an image that is older than the one that has it.";
    command.options = tree_options(into);
    for (auto &option : way_options(into))
        command.options.push_back(std::move(option));
    command.operands = {{"DIRECTORY", "The directory with the folders of the images.",
                         [&](const std::string &value) { into.root = value; }}};
    return command;
}

BuildOptions build_options_of(const BuildAllRequest &request, const ImageFolder &folder,
                              const Environment &environment)
{
    if (request.registry.empty())
        throw Error{ErrorKind::usage, "there is no registry for the images"}.with_hint(
            "name it with --registry");
    const auto tags = tags_of(request, environment);
    const auto repository = request.registry + "/" + folder.name + ":";
    auto options = request.build;
    options.context = folder.context;
    options.dockerfile = folder.dockerfile;
    options.build_args.insert_or_assign("REGISTRY", request.registry);
    options.build_args.insert_or_assign("TAG", tags.tags.front());
    for (const auto &tag : tags.tags)
        options.tags.push_back(oci::Reference::parse(repository + tag));
    if (tags.latest)
        options.tags.push_back(oci::Reference::parse(repository + std::string{latest}));
    options.forward_only = {std::string{latest}};
    settle(options, environment);
    if (!options.source_date_epoch)
        options.source_date_epoch = tags.commit_time;
    return options;
}

int run_build_all(const BuildAllRequest &request, const Environment &environment, const std::stop_token &stop)
{
    const auto rendering =
        choose_renderer(request.build.progress, false, ui::window_size(STDERR_FILENO), environment);
    return run_shown(ui::make_renderer(rendering), stop, [&](EventBus &bus) {
        const StateLimit limit{request.build.keep_storage, request.build.state, environment};
        const auto tree = chosen(request);
        std::vector<BuildOptions> options;
        for (const auto &folder : tree)
            options.push_back(build_options_of(request, folder, environment));
        exec::run_graph(
            graph_of(tree, request.build.jobs),
            [&](std::uint32_t number, const std::stop_token &inner) {
                in_context([&] { return fmt::format("the image {}", tree[number].name); },
                           [&] { (void)BuildSession{options[number], environment, bus, inner}.run(); });
            },
            [&](const std::exception_ptr &error) { note(bus, error); }, stop);
        limit.keep(bus, stop);
        return ui::exit_code::success;
    });
}

} // namespace mica::cli
