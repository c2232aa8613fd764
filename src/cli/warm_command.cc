#include "cli/warm_command.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "base/thread_pool.hh"
#include "cli/console_choice.hh"
#include "cli/registry_access.hh"
#include "cli/state_directory.hh"
#include "cli/values.hh"
#include "exec/warm.hh"
#include "io/fd.hh"
#include "ui/console.hh"
#include "ui/diagnostics.hh"
#include <unistd.h>

namespace mica::cli {

namespace {

constexpr std::uint64_t largest_dockerfile = 16 << 20;

exec::BuildRequest request_of(const WarmOptions &options)
{
    exec::BuildRequest request;
    request.target = options.target;
    request.build_args = options.build_args;
    request.platforms = options.platforms;
    if (options.dockerfile) {
        request.dockerfile_name = options.dockerfile->native();
        request.dockerfile_text = read_file(*options.dockerfile, largest_dockerfile);
    }
    return request;
}

/// Warming needs no sandbox.
sandbox::Backend &no_backend()
{
    throw Error{ErrorKind::internal, "fetching an image runs no command"};
}

} // namespace

CommandSpec warm_command_spec(WarmOptions &into)
{
    const auto list = [](auto apply) { return std::function<void(const std::string &)>{std::move(apply)}; };
    std::vector<OptionSpec> options{
        {"-f,--file", "PATH", "Fetch what this Dockerfile starts and copies from.", false,
         list([&into](const std::string &value) { into.dockerfile = value; })},
        {"--target", "STAGE", "Of the Dockerfile: what this stage needs (default: the last one).", false,
         list([&into](const std::string &value) { into.target = value; })},
        {"--build-arg", "NAME=VALUE", "Set an ARG of the Dockerfile.", true,
         list([&into](const std::string &value) {
             auto [name, argument] = parse_name_value(value);
             into.build_args[name] = argument.value_or("");
         })},
        {"--platform", "OS/ARCH[/VARIANT]", "For this platform (default: this machine's).", true,
         list([&into](const std::string &value) { into.platforms.push_back(oci::parse_platform(value)); })},
        {"--cache-dir", "DIR", "Fetch into this directory instead of the state directory.", false,
         list([&into](const std::string &value) { into.cache_dir = value; })},
        {"--state", "DIR", "The state directory (default: see the environment variable MICA_STATE).", false,
         list([&into](const std::string &value) { into.state = value; })}};
    for (auto &option : connection_options(into.registries))
        options.push_back(std::move(option));
    options.push_back(insecure_option(into.registries));
    options.push_back({"--progress", "auto|plain|tty|json|quiet", "How it is shown on standard error.", false,
                       list([&into](const std::string &value) { into.progress = parse_progress(value); })});
    return {
        "warm",
        "Fetch base images before a build wants them.",
        "Brings the layers of images into the state directory, or into a directory that builds share "
        "read-only with --cache-dir. A build still asks the registry what a name means, but fetches no layer "
        "that is there.",
        std::move(options),
        {{"IMAGE...", "The images, by name; none with --file.",
          [&into](const std::string &value) { into.images.push_back(value); }, true}}};
}

int run_warm(const WarmOptions &options, const Environment &environment, const std::stop_token &stop)
{
    if (options.images.empty() && !options.dockerfile)
        throw Error{ErrorKind::usage, "mica warm needs an image, or a Dockerfile with --file"};
    const auto rendering =
        choose_renderer(options.progress, false, ui::window_size(STDERR_FILENO), environment);
    const auto bus = ui::make_console(ui::make_renderer(rendering), STDERR_FILENO, stop);
    const StateDirectory state{StateDirectory::choose(options.state, environment)};
    const auto scratch = state.make_scratch(stop);
    const auto images = options.cache_dir ? *options.cache_dir / "oci" : state.images();
    RegistryAccess access{options.registries, *bus, stop};
    ThreadPool pool;
    SystemClock clock;
    exec::Services services{.bus = *bus,
                            .registry = access.client(),
                            .store = oci::Layout::open_or_create(images),
                            .backend = no_backend,
                            .pool = pool,
                            .clock = clock,
                            .scratch = scratch.path(),
                            .trees = options.cache_dir ? *options.cache_dir / "trees" : state.trees()};
    const auto request = request_of(options);
    auto names = options.images;
    if (options.dockerfile)
        for (auto &name : exec::images_of(request, services, stop))
            names.push_back(std::move(name));
    exec::warm(names, request, services, stop);
    return ui::exit_code::success;
}

} // namespace mica::cli
