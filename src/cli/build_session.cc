#include "cli/build_session.hh"

#include "base/error.hh"
#include "base/stop.hh"
#include "base/text.hh"
#include "cli/attest.hh"
#include "cli/build_source.hh"
#include "cli/cache_exports.hh"
#include "cli/images/moving_tags.hh"
#include "cli/lock_file.hh"
#include "cli/version.hh"
#include "context/context.hh"
#include "exec/inquiry.hh"
#include "output/early_push.hh"
#include <algorithm>
#include <fmt/format.h>
#include <future>
#include <set>
#include <string_view>

namespace mica::cli {

namespace {

constexpr std::string_view checking = "checking that";

/// What the user names may also be had with the user's own agent and keys.
context::FetchAccess of_the_user(context::FetchAccess access, const ContextDetails &details)
{
    access.own_ssh_keys = true;
    access.git_login = details.git_login;
    access.any_git_certificate = details.any_git_certificate;
    const auto agent = access.environment.find("SSH_AUTH_SOCK");
    if (!access.ssh_agent && agent != access.environment.end() && !agent->second.empty())
        access.ssh_agent = agent->second;
    return access;
}

SourceOptions source_options(const BuildOptions &options)
{
    const auto argument = [&](const char *name) {
        const auto found = options.build_args.find(name);
        return found == options.build_args.end() ? std::string{} : found->second;
    };
    const auto keep = argument("BUILDKIT_CONTEXT_KEEP_GIT_DIR");
    return {.context = options.context,
            .file = options.dockerfile,
            .dockerfile_text = options.proof.dockerfile_text,
            .pin = options.proof.context_pin,
            .keep_git_dir = keep == "1" || equal_ignoring_case(keep, "true"),
            .mtime_of_commit = !argument("SOURCE_DATE_EPOCH").empty(),
            .details = options.context_details};
}

/// What manifest or index of the image would be, were it written.
oci::Descriptor described(const output::BuiltImages &built)
{
    std::vector<oci::EncodedImage> documents;
    for (const auto &image : built.images)
        documents.push_back(oci::encode(image));
    if (!built.as_index)
        return documents.front().manifest;
    return oci::encode_index(documents, built.images.front().docker_types).descriptor;
}

RegistryOptions registry_options(const BuildOptions &options)
{
    auto result = options.registries;
    result.insecure.insert(result.insecure.end(), options.insecure_registries.begin(),
                           options.insecure_registries.end());
    return result;
}

std::optional<Time> oldest_step(const BuildOptions &options, const Clock &clock)
{
    return options.cache_ttl ? std::optional{clock.now() - *options.cache_ttl} : std::nullopt;
}

/// What mica warm left in --cache-dir; null if there is none.
std::shared_ptr<const oci::Layout> warmed_layout(const BuildOptions &options)
{
    return options.cache_dir ? oci::Layout::open_existing(*options.cache_dir / "oci") : nullptr;
}

/// The state directory's layout, as an output.
output::OutputSpec keeping(const StateDirectory &state, const std::vector<oci::Reference> &names)
{
    output::OutputSpec spec;
    spec.type = output::OutputType::oci;
    spec.destination = state.images();
    spec.as_tar = false;
    spec.names = names;
    return spec;
}

} // namespace

net::Client &LazyNetwork::get()
{
    std::call_once(made_, [&] {
        net::Options options;
        options.user_agent = fmt::format("mica/{}", version());
        client_ = std::make_unique<net::Client>(options);
    });
    return *client_;
}

sandbox::Backend &LazyBackend::get()
{
    std::call_once(chosen_, [&] { backend_ = sandbox::choose_backend(options_, bus_); });
    return *backend_;
}

BuildSession::BuildSession(const BuildOptions &options, const Environment &environment, EventBus &bus,
                           const std::stop_token &stop)
    : options_{options}, bus_{bus}, stop_{stop}, state_{StateDirectory::choose(options.state, environment)},
      leftovers_{state_.remove_leftovers(stop)}, scratch_{state_.make_scratch(stop)},
      fetch_{fetch_access(environment)}, request_{make_request()},
      store_{oci::Layout::open_or_create(state_.images())}, access_{registry_options(options), bus, stop},
      cache_{state_.cache(), store_, open_shared_caches(options, access_.client(), bus, clock_, stop), bus,
             oldest_step(options, clock_)},
      backend_{{options.isolation, state_.root()}, bus}
{
    for (const auto &complaint : leftovers_)
        bus_.publish(event::Note{event::Note::Level::warning, complaint, {}});
}

context::FetchAccess BuildSession::fetch_access(const Environment &environment)
{
    context::FetchAccess access;
    access.network = [this]() -> net::Client & { return network_.get(); };
    access.scratch = scratch_.path();
    access.environment = environment.variables;
    access.secrets = options_.secrets;
    if (const auto agent = options_.ssh_agents.find("default"); agent != options_.ssh_agents.end())
        access.ssh_agent = agent->second;
    return access;
}

exec::BuildRequest BuildSession::make_request() const
{
    check_attestable(options_);
    auto source = open_build_source(source_options(options_), of_the_user(fetch_, options_.context_details),
                                    bus_, stop_);
    exec::BuildRequest request;
    request.dockerfile_text = std::move(source.dockerfile_text);
    request.dockerfile_name = std::move(source.dockerfile_name);
    request.context = std::move(source.context);
    request.context_date = source.date;
    request.context_origin = std::move(source.origin);
    request.ignore_patterns = std::move(source.ignore_patterns);
    request.named_contexts = options_.named_contexts;
    request.build_args = options_.build_args;
    request.target = options_.target;
    request.platforms = options_.platforms;
    request.labels = options_.labels;
    request.annotations = options_.annotations;
    request.secrets = options_.secrets;
    request.ssh_agents = options_.ssh_agents;
    request.allowed = options_.allowed;
    request.no_cache = options_.no_cache;
    request.cached = options_.cached;
    request.ignored = exec::IgnoredPaths{options_.ignored_paths};
    request.single_layer = options_.single_layer;
    request.copy_as_user = options_.copy_as_user;
    request.explain_cache = options_.explain_cache;
    request.extra_hosts = options_.extra_hosts;
    request.compression = options_.compression;
    request.source_date_epoch = options_.source_date_epoch;
    request.jobs = options_.jobs;
    request.fixed_times = options_.proof.timestamp.has_value();
    request.reproducible = options_.proof.reproducible;
    request.fixups = options_.proof.fixups;
    request.pins = options_.proof.lock ? read_lock(*options_.proof.lock) : options_.proof.pins;
    return request;
}

ImageMetadata BuildSession::run()
{
    check_destinations();
    auto services = make_services();
    output::EarlyPush early{push_names(), access_.client(), bus_, stop_};
    services.on_layer = {[&](auto growing) { early.follow(std::move(growing)); },
                         [&](const oci::PlacedLayer &layer) { early.add(layer); }};
    const auto started = clock_.now();
    auto result = exec::build(request_, services, stop_);
    early.finish();
    throw_if_stopped(stop_);
    // Packing goes on while the image is written.
    auto packing = std::async(std::launch::async, [&] {
        return exec::pack_mounts(options_.cache_mounts, state_.root() / "cache-mounts", services, stop_);
    });
    export_inline(options_, cache_, result.images);
    const BuildRecord record{options_, request_, result, started, clock_.now()};
    if (options_.proof.reproducible)
        report_variance(record, bus_, stop_);
    const auto written =
        write_outputs({result.images, options_.platforms.size() > 1, attest(record, bus_, stop_)});
    export_caches(options_, cache_, result.images, packing.get(),
                  {access_.client(), scratch_.path(), state_.trees(), pool_, bus_, clock_}, stop_);
    return {written, config_digest_of(result.images, written), options_.tags};
}

std::vector<exec::ResolvedInput> BuildSession::resolve()
{
    auto services = make_services();
    return exec::resolve_inputs(request_, services, stop_);
}

std::string BuildSession::plan_text()
{
    auto services = make_services();
    return exec::plan_text(request_, services, stop_);
}

CallReport BuildSession::answer()
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

std::vector<oci::Reference> BuildSession::push_names() const
{
    std::vector<oci::Reference> names;
    for (const auto &spec : options_.outputs)
        if (spec.type == output::OutputType::registry)
            names.insert(names.end(), spec.names.begin(), spec.names.end());
    return names;
}

void BuildSession::check_destinations()
{
    if (!options_.check_push)
        return;
    std::set<std::string> checked;
    for (const auto &spec : options_.outputs) {
        if (spec.type != output::OutputType::registry)
            continue;
        for (const auto &name : spec.names)
            if (checked.insert(name.name()).second)
                in_context([&] { return fmt::format("{} {} can be pushed", checking, name.name()); },
                           [&] { access_.client().check_push(name, stop_); });
    }
}

exec::Services BuildSession::make_services()
{
    return exec::Services{.bus = bus_,
                          .registry = access_.client(),
                          .store = store_,
                          .backend = [this]() -> sandbox::Backend & { return backend_.get(); },
                          .pool = pool_,
                          .clock = clock_,
                          .scratch = scratch_.path(),
                          .fetch = fetch_,
                          .cache = &cache_,
                          .trees = state_.trees(),
                          .warmed = warmed_layout(options_),
                          .warmed_trees =
                              options_.cache_dir ? *options_.cache_dir / "trees" : std::filesystem::path{}};
}

/// All of them; the digest is the first one's. An image that goes nowhere, or has a
/// name but is not pushed, is kept in the state directory if that is wanted.
oci::Descriptor BuildSession::write_outputs(const output::BuiltImages &built)
{
    std::optional<oci::Descriptor> first;
    for (const auto &spec : options_.outputs) {
        const auto written = write_output(built, spec);
        if (!first)
            first = written;
    }
    if (options_.keep_image && (!first || (!options_.push && !options_.tags.empty()))) {
        const auto kept = keep(built);
        if (!first)
            first = kept;
    }
    return first ? *first : described(built);
}

oci::Descriptor BuildSession::write_output(const output::BuiltImages &built, const output::OutputSpec &spec)
{
    output::OutputServices services{access_.client(), bus_};
    if (spec.type != output::OutputType::registry)
        return output::write_output(built, spec, services, {}, stop_).descriptor;
    auto push = spec;
    std::erase_if(push.names, [&](const auto &name) { return must_stay(name, built); });
    if (push.names.empty())
        return described(built);
    // A push is many tasks; they belong together.
    Task task{bus_, {}, TaskKind::push, "push to " + push.names.front().name()};
    return output::write_output(built, push, services, task.id(), stop_).descriptor;
}

bool BuildSession::must_stay(const oci::Reference &name, const output::BuiltImages &built)
{
    const auto &config = built.images.front().config;
    if (!name.tag() || !options_.forward_only.contains(*name.tag()) || !config.created ||
        !has_newer_image(access_.client(), name, config.platform, *config.created, stop_))
        return false;
    bus_.publish(event::Note{event::Note::Level::warning,
                             fmt::format("{} is not moved: it is the name of a newer image", name.str()),
                             {}});
    return true;
}

oci::Descriptor BuildSession::keep(const output::BuiltImages &built)
{
    const auto kept = write_output(built, keeping(state_, options_.tags));
    if (options_.tags.empty())
        bus_.publish(event::Produced{"image", {}, kept.digest.str()});
    for (const auto &name : options_.tags)
        bus_.publish(event::Produced{"image", name.str(), kept.digest.str()});
    return kept;
}

bool is_about_permissions_to_push(const Error &error)
{
    const auto &frames = error.context();
    return std::any_of(frames.begin(), frames.end(),
                       [](const auto &frame) { return std::string_view{frame}.starts_with(checking); });
}

} // namespace mica::cli
