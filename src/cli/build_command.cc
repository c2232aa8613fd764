#include "cli/build_command.hh"

#include "auth/credentials.hh"
#include "base/clock.hh"
#include "base/error.hh"
#include "base/stop.hh"
#include "base/thread_pool.hh"
#include "cli/call_report.hh"
#include "cli/console_choice.hh"
#include "cli/dockerfile_source.hh"
#include "cli/metadata.hh"
#include "cli/state_directory.hh"
#include "cli/version.hh"
#include "context/context.hh"
#include "exec/build.hh"
#include "exec/inquiry.hh"
#include "io/fd.hh"
#include "oci/layout.hh"
#include "output/output.hh"
#include "registry/client.hh"
#include "sandbox/sandbox.hh"
#include "ui/console.hh"
#include "ui/diagnostics.hh"
#include <algorithm>
#include <fmt/format.h>
#include <mutex>
#include <unistd.h>

namespace mica::cli {

namespace {

exec::BuildRequest make_request(const BuildOptions &options)
{
    check_context(options.context);
    auto dockerfile = read_dockerfile(options.context, options.dockerfile);
    exec::BuildRequest request;
    request.dockerfile_text = std::move(dockerfile.text);
    request.dockerfile_name = std::move(dockerfile.name);
    request.context =
        context::open_directory(options.context, context::IgnoreList{dockerfile.ignore.patterns});
    request.ignore_patterns = std::move(dockerfile.ignore.patterns);
    request.named_contexts = options.named_contexts;
    request.build_args = options.build_args;
    request.target = options.target;
    request.platforms = options.platforms;
    request.labels = options.labels;
    request.annotations = options.annotations;
    request.secrets = options.secrets;
    request.ssh_agents = options.ssh_agents;
    request.allowed = options.allowed;
    request.no_cache = options.no_cache;
    request.extra_hosts = options.extra_hosts;
    request.compression = options.compression;
    request.source_date_epoch = options.source_date_epoch;
    request.jobs = options.jobs;
    return request;
}

/// The isolation, chosen when the first RUN needs it: a build without one runs where
/// no sandbox can be had.
class LazyBackend {
public:
    LazyBackend(sandbox::Options options, EventBus &bus) : options_{std::move(options)}, bus_{bus} {}

    sandbox::Backend &get()
    {
        std::call_once(chosen_, [&] { backend_ = sandbox::choose_backend(options_, bus_); });
        return *backend_;
    }

private:
    sandbox::Options options_;
    EventBus &bus_;
    std::once_flag chosen_;
    std::unique_ptr<sandbox::Backend> backend_;
};

registry::Options registry_options(const BuildOptions &options)
{
    registry::Options result;
    result.insecure_registries = options.insecure_registries;
    result.user_agent = fmt::format("mica/{}", version());
    return result;
}

/// Everything that one build works with, in the order in which it is made.
class Build {
public:
    Build(const BuildOptions &options, const Environment &environment, EventBus &bus,
          const std::stop_token &stop)
        : options_{options}, bus_{bus}, stop_{stop}, request_{make_request(options)},
          state_{StateDirectory::choose(options.state, environment)},
          leftovers_{state_.remove_leftovers(stop)}, scratch_{state_.make_scratch(stop)},
          store_{oci::Layout::open_or_create(state_.images())}, credentials_{auth::docker_config_provider()},
          registry_{registry::make_client(registry_options(options), *credentials_)},
          backend_{{options.isolation, state_.root()}, bus}
    {
        for (const auto &complaint : leftovers_)
            bus_.publish(event::Note{event::Note::Level::warning, complaint, {}});
    }

    ImageMetadata run()
    {
        auto services = make_services();
        const auto result = exec::build(request_, services, stop_);
        throw_if_stopped(stop_);
        const auto written = write_outputs({result.images, options_.platforms.size() > 1});
        return {written, config_digest_of(result.images, written), options_.tags};
    }

    /// Answers what --call asks; nothing is built.
    CallReport answer()
    {
        auto services = make_services();
        const auto &source = request_.dockerfile_text;
        const bool json = options_.call.json;
        if (options_.call.method == CallMethod::check)
            return report(exec::check(request_, services, stop_), source, json);
        if (options_.call.method == CallMethod::outline)
            return report(exec::outline(request_, services, stop_), source, json);
        return report(exec::targets(request_, services), source, json);
    }

private:
    exec::Services make_services()
    {
        return exec::Services{.bus = bus_,
                              .registry = *registry_,
                              .store = store_,
                              .backend = [this]() -> sandbox::Backend & { return backend_.get(); },
                              .pool = pool_,
                              .clock = clock_,
                              .scratch = scratch_.path(),
                              .cache = state_.cache(),
                              .trees = state_.trees()};
    }

    /// All of them; the digest is the first one's. An image that goes nowhere, or has a
    /// name but is not pushed, is kept in the state directory.
    oci::Descriptor write_outputs(const output::BuiltImages &built)
    {
        std::optional<oci::Descriptor> first;
        for (const auto &spec : options_.outputs) {
            const auto written = write_output(built, spec);
            if (!first)
                first = written;
        }
        if (!first || (!options_.push && !options_.tags.empty())) {
            const auto kept = keep(built);
            if (!first)
                first = kept;
        }
        return *first;
    }

    oci::Descriptor write_output(const output::BuiltImages &built, const output::OutputSpec &spec)
    {
        output::OutputServices services{*registry_, bus_};
        if (spec.type != output::OutputType::registry)
            return output::write_output(built, spec, services, {}, stop_).descriptor;
        // A push is many tasks; they belong together.
        const Task task{bus_, {}, TaskKind::push, "push to " + spec.names.front().name()};
        return output::write_output(built, spec, services, task.id(), stop_).descriptor;
    }

    oci::Descriptor keep(const output::BuiltImages &built)
    {
        const auto kept = write_output(built, keeping());
        if (options_.tags.empty())
            bus_.publish(event::Produced{"image", {}, kept.digest.str()});
        for (const auto &name : options_.tags)
            bus_.publish(event::Produced{"image", name.str(), kept.digest.str()});
        return kept;
    }

    [[nodiscard]] output::OutputSpec keeping() const
    {
        output::OutputSpec spec;
        spec.type = output::OutputType::oci;
        spec.destination = state_.images();
        spec.as_tar = false;
        spec.names = options_.tags;
        return spec;
    }

    const BuildOptions &options_;
    EventBus &bus_;
    const std::stop_token &stop_;
    exec::BuildRequest request_;
    StateDirectory state_;
    std::vector<std::string> leftovers_;
    ScratchDirectory scratch_;
    std::shared_ptr<oci::Layout> store_;
    std::unique_ptr<auth::CredentialProvider> credentials_;
    std::unique_ptr<registry::Client> registry_;
    LazyBackend backend_;
    ThreadPool pool_;
    SystemClock clock_;
};

/// Standard output belongs to the result, and to nothing else.
void write_reports(const BuildOptions &options, const ImageMetadata &metadata)
{
    if (options.iidfile)
        write_file_atomically(*options.iidfile, image_id(metadata).str());
    if (options.metadata_file)
        write_file_atomically(*options.metadata_file, metadata_json(metadata));
    const bool result_on_stdout = std::any_of(options.outputs.begin(), options.outputs.end(),
                                              [](const auto &spec) { return spec.destination == "-"; });
    if (options.progress == ui::Progress::quiet && !result_on_stdout)
        write_all(STDOUT_FILENO, as_bytes(image_id(metadata).str() + "\n"));
}

void refuse_terminal(const BuildOptions &options)
{
    for (const auto &spec : options.outputs) {
        if (spec.destination == "-" && ::isatty(STDOUT_FILENO) == 1)
            throw Error{ErrorKind::usage, "an archive is not written to a terminal"}.with_hint(
                "redirect standard output, or name a file with dest=PATH");
    }
}

} // namespace

int run_build(const BuildOptions &options, const Environment &environment, const std::stop_token &stop)
{
    const auto rendering =
        choose_renderer(options.progress, options.debug, ui::window_size(STDERR_FILENO), environment);
    const auto bus = ui::make_console(ui::make_renderer(rendering), STDERR_FILENO, stop);
    const auto fail = [&](const Error &error) {
        bus->publish(event::Failure{error});
        return ui::exit_status(error);
    };
    try {
        refuse_terminal(options);
        if (options.call.method != CallMethod::build) {
            const auto answer = Build{options, environment, *bus, stop}.answer();
            write_all(STDOUT_FILENO, as_bytes(answer.text));
            return answer.status;
        }
        write_reports(options, Build{options, environment, *bus, stop}.run());
        return ui::exit_code::success;
    } catch (const Cancelled &) {
        bus->publish(event::Note{event::Note::Level::info, "cancelled", {}});
        return ui::exit_code::cancelled;
    } catch (const Error &error) {
        return fail(error);
    } catch (const std::bad_alloc &) {
        return fail(Error{ErrorKind::io, "there is not enough memory"});
    } catch (const std::exception &error) {
        return fail(
            Error{ErrorKind::internal, error.what()}.with_hint("this is a defect of mica: please report it"));
    }
}

} // namespace mica::cli
