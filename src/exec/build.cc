#include "exec/build.hh"

#include "base/error.hh"
#include "exec/fixed_times.hh"
#include "exec/graph_runner.hh"
#include "exec/image_assembly.hh"
#include "exec/named_contexts.hh"
#include "exec/remote_files.hh"
#include "exec/request_plan.hh"
#include "exec/resolver.hh"
#include "exec/squash.hh"
#include "exec/stage_builder.hh"
#include "oci/platform.hh"
#include "plan/planner.hh"
#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <variant>

namespace mica::exec {

namespace {

/// The Dockerfile (or a build argument) wins over the environment.
std::optional<Time> epoch_of(const BuildRequest &request, const plan::BuildPlan &plan)
{
    return plan.source_date_epoch ? from_unix(*plan.source_date_epoch) : request.source_date_epoch;
}

/// One platform of one build: the plan, and the stages as they get done.
class PlatformBuild {
public:
    PlatformBuild(const BuildRequest &request, Services &services, RemoteFiles &remote,
                  const ParsedDockerfile &dockerfile, const oci::Platform &platform, TaskId parent,
                  const std::stop_token &stop)
        : request_{request}, services_{services}, parent_{parent},
          resolver_{request, services, remote, parent, stop},
          plan_{plan::make_plan(dockerfile.program, dockerfile.ast,
                                plan_options(request, platform, services.bus), resolver_)},
          catalog_{services}, contexts_{request, remote, parent, stop}, roots_(plan_.stages.size()),
          context_{request,
                   services,
                   plan_,
                   catalog_,
                   epoch_of(request, plan_),
                   epoch_of(request, plan_).value_or(services.clock.now()),
                   [this](const plan::Input &input) { return root_of(input); },
                   [this](const std::string &name) { return context_named(name); },
                   remote}
    {
        for (const auto &image : plan_.images)
            images_.emplace_back(resolver_.resolved(image.handle).layers);
    }

    /// After run().
    [[nodiscard]] std::vector<LayerOrigin> origins() const
    {
        std::vector<LayerOrigin> out;
        add_origins(plan_.target, out);
        return out;
    }
    [[nodiscard]] const std::vector<ResolvedInput> &inputs() const { return resolver_.inputs(); }
    [[nodiscard]] std::optional<Time> epoch() const { return context_.epoch; }

    oci::Image run(const std::stop_token &stop)
    {
        Graph graph{{}, request_.jobs};
        for (const auto &stage : plan_.stages)
            graph.inputs.push_back(plan::stage_inputs(stage));
        announce_base(plan_.target);
        const LayerListener nobody;
        run_graph(
            graph,
            [&](std::uint32_t number, const std::stop_token &inner) {
                const auto &stage = plan_.stages[number];
                const bool is_final =
                    is_below_target(number) && !(request_.single_layer && number == plan_.target);
                const auto &listener = is_final ? services_.on_layer : nobody;
                roots_[number] = build_stage(stage, root_of(stage.base), context_, listener, parent_, inner);
            },
            [&](const std::exception_ptr &error) { note(error); }, stop);
        const auto &target = plan_.stages.at(plan_.target);
        auto config = target.config;
        if (request_.single_layer)
            squash_target(config.history, stop);
        auto image = assemble(config, roots_[plan_.target].value(), context_.created, base_history(target));
        image.annotations = request_.annotations;
        return image;
    }

private:
    /// A checkout's times are no part of the source.
    std::shared_ptr<const context::Context> context_named(const std::string &name)
    {
        auto found = contexts_.find(name);
        return context_.epoch ? with_fixed_times(std::move(found), *context_.epoch) : found;
    }

    /// Nobody was told of the layers that become one.
    void squash_target(std::vector<oci::History> &history, const std::stop_token &stop)
    {
        auto &root = roots_[plan_.target].value();
        const auto base = root_of(plan_.stages.at(plan_.target).base);
        const auto below = base.layers().size(), made = root.layers().size() - below;
        if (made > 1) {
            const Task task{services_.bus, parent_, TaskKind::step, "one layer of all steps"};
            root = squashed(root, base, context_, task.id(), stop);
            squash_history(history, made, root.layers().size() - below);
            is_squashed_ = true;
        }
        if (services_.on_layer.made && root.layers().size() > below)
            services_.on_layer.made(root.layers().back());
    }

    /// The steps of the stage stand for its last layers, those of the stage below it for the ones before.
    void add_origins(std::uint32_t number, std::vector<LayerOrigin> &out) const
    {
        const auto &stage = plan_.stages.at(number);
        if (const auto *parent = std::get_if<plan::StageInput>(&stage.base))
            add_origins(parent->stage, out);
        const auto &layers = roots_.at(number)->layers();
        if (is_squashed_ && number == plan_.target) {
            if (layers.size() > root_of(stage.base).layers().size())
                out.push_back({layers.back().layer.diff_id, "all steps of " + stage.name, true, stage.where});
            return;
        }
        auto layer = layers.end() - static_cast<std::ptrdiff_t>(stage.steps.size());
        for (const auto &step : stage.steps)
            out.push_back({(layer++)->layer.diff_id, step.name,
                           std::holds_alternative<plan::RunStep>(step.operation), step.where});
    }

    [[nodiscard]] RootFs root_of(const plan::Input &input) const
    {
        if (const auto *stage = std::get_if<plan::StageInput>(&input))
            return roots_.at(stage->stage).value();
        if (const auto *image = std::get_if<plan::ImageInput>(&input))
            return images_.at(image->image);
        return RootFs{};
    }

    /// Whether the stage's layers will be in the image.
    [[nodiscard]] bool is_below_target(std::uint32_t number) const
    {
        for (auto at = plan_.target; at != number;) {
            const auto *parent = std::get_if<plan::StageInput>(&plan_.stages.at(at).base);
            if (parent == nullptr)
                return false;
            at = parent->stage;
        }
        return true;
    }

    /// Of the image that the target begins with, through however many stages.
    void announce_base(std::uint32_t number) const
    {
        const auto &base = plan_.stages.at(number).base;
        if (const auto *parent = std::get_if<plan::StageInput>(&base))
            return announce_base(parent->stage);
        if (const auto *image = std::get_if<plan::ImageInput>(&base);
            image != nullptr && services_.on_layer.made)
            for (const auto &layer : images_.at(image->image).layers())
                services_.on_layer.made(layer);
    }

    /// History entries that the stage has from an image, through however many stages.
    [[nodiscard]] std::size_t base_history(const plan::Stage &stage) const
    {
        if (const auto *parent = std::get_if<plan::StageInput>(&stage.base))
            return base_history(plan_.stages.at(parent->stage));
        if (const auto *image = std::get_if<plan::ImageInput>(&stage.base))
            return plan_.images.at(image->image).config.history.size();
        return 0;
    }

    void note(const std::exception_ptr &error)
    {
        try {
            std::rethrow_exception(error);
        } catch (const Error &other) {
            services_.bus.publish(event::Note{event::Note::Level::warning,
                                              "another stage failed too: " + other.message(),
                                              other.where().value_or(SourceSpan{})});
        } catch (const std::exception &other) {
            services_.bus.publish(event::Note{
                event::Note::Level::warning, fmt::format("another stage failed too: {}", other.what()), {}});
        }
    }

    const BuildRequest &request_;
    Services &services_;
    TaskId parent_;
    ImageResolver resolver_;
    plan::BuildPlan plan_;
    LayerCatalog catalog_;
    NamedContexts contexts_;
    std::vector<RootFs> images_;
    std::vector<std::optional<RootFs>> roots_;
    StepContext context_;
    bool is_squashed_ = false;
};

} // namespace

BuildResult build(const BuildRequest &request, Services &services, const std::stop_token &stop)
{
    services.bus.publish(event::SourceText{request.dockerfile_name, request.dockerfile_text});
    Task task{services.bus, {}, TaskKind::build, "build " + request.dockerfile_name};
    const auto dockerfile = parse_dockerfile(request);
    auto platforms = request.platforms;
    if (platforms.empty())
        platforms.push_back(oci::host_platform());
    BuildResult result;
    RemoteFiles remote{services, request.pins};
    for (const auto &platform : platforms) {
        PlatformBuild build{request, services, remote, dockerfile, platform, task.id(), stop};
        result.images.push_back(build.run(stop));
        result.origins.push_back(build.origins());
        result.inputs.insert(result.inputs.end(), build.inputs().begin(), build.inputs().end());
        result.epoch = build.epoch();
    }
    const auto fetched = remote.inputs();
    result.inputs.insert(result.inputs.end(), fetched.begin(), fetched.end());
    std::ranges::sort(result.inputs);
    const auto repeated = std::ranges::unique(result.inputs);
    result.inputs.erase(repeated.begin(), repeated.end());
    return result;
}

} // namespace mica::exec
