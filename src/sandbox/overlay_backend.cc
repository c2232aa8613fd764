#include "sandbox/overlay_backend.hh"

#include "base/error.hh"
#include "io/hash.hh"
#include "sandbox/agent_process.hh"
#include "sandbox/cache_directories.hh"
#include "sandbox/command_output.hh"
#include "sandbox/extracted_layers.hh"
#include "sandbox/run_request.hh"
#include "sandbox/scratch_space.hh"
#include "sandbox/step_changes.hh"
#include <fmt/format.h>
#include <map>
#include <set>
#include <utility>

namespace mica::sandbox {
namespace {

namespace fs = std::filesystem;

/// The bytes of a file that a step wrote.
class UpperContent final : public Content {
public:
    UpperContent(std::shared_ptr<ContentOpener> opener, std::uint32_t upper, std::string path)
        : opener_{std::move(opener)}, upper_{upper}, path_{std::move(path)}
    {
    }
    [[nodiscard]] std::unique_ptr<Source> open() const override
    {
        return in_context([&] { return fmt::format("read {} of the step", path_); },
                          [&] { return std::make_unique<FdSource>(opener_->open(upper_, path_)); });
    }

private:
    std::shared_ptr<ContentOpener> opener_;
    std::uint32_t upper_;
    std::string path_;
};

/// Layers on disk cannot be shared by namespaces that see other ids in them.
std::string flavour(const std::optional<IdMaps> &maps)
{
    if (!maps)
        return "ns";
    const auto text = map_text(maps->uids) + "/" + map_text(maps->gids);
    return "userns-" + sha256(text).hex().substr(0, 12);
}

struct Places {
    fs::path layers;
    fs::path caches;
    fs::path scratch;
};

Places make_places(const OverlayBackendOptions &options)
{
    const auto state = fs::absolute(options.state);
    const auto name = flavour(options.user_namespace);
    Places places{state / "layers" / name, state / "cache-mounts" / name, state / "scratch"};
    std::error_code error;
    for (const auto &path : {places.layers, places.caches, places.scratch})
        if (!fs::create_directories(path, error) && error)
            throw system_error(path.native(), error.value());
    return places;
}

class OverlayWorkspace final : public Workspace {
public:
    OverlayWorkspace(const OverlayBackendOptions &options, const Places &places, EventBus &bus, TaskId parent)
        : bus_{bus}, parent_{parent}, extracted_{places.layers}, caches_{places.caches},
          scratch_{places.scratch},
          agent_{AgentOptions{options.user_namespace, places.layers, places.caches, scratch_.path()}}
    {
    }

    ExitStatus run(const Command &command, const OutputVisitor &output, const std::stop_token &stop) override
    {
        const auto caches = caches_.hold(command.mounts, agent_, bus_, parent_, stop);
        const MountSupply supply{[&](std::span<const LayerSource> layers) { return hold(layers, stop); },
                                 [&](const UnpackedFiles &files) { return unpack(files, stop); },
                                 [&](const CacheDirectory &cache) { return caches.at(cache.id).name; }};
        const auto answer = run_and_watch(agent_, encode(run_request(command, supply)), output, stop);
        if (answer.by_signal)
            return {128 + answer.value, answer.value};
        return {answer.value, 0};
    }

    std::unique_ptr<layer::ChangeSource> seal(const layer::FileTree &before) override
    {
        auto answer = decode<SealAnswer>(agent_.ask(Ask::seal).body);
        const auto content = [&](const std::string &path) -> ContentPtr {
            return std::make_shared<UpperContent>(agent_.contents(), answer.upper, path);
        };
        return std::make_unique<layer::ChangeList>(step_changes(std::move(answer.entries), before, content));
    }

    void add_layer(const LayerSource &layer, const std::stop_token &stop) override { add({&layer, 1}, stop); }

    void add(std::span<const LayerSource> layers, const std::stop_token &stop)
    {
        (void)agent_.ask(Ask::add_layers, encode(AddLayersRequest{hold(layers, stop)}));
    }

    /// See probe_overlay().
    void probe()
    {
        RunRequest request;
        request.argv = {"probe"};
        request.working_directory = "/";
        request.hostname = "probe";
        request.probe = true;
        (void)run_and_watch(agent_, encode(request), {}, {});
    }

private:
    std::vector<std::string> hold(std::span<const LayerSource> layers, const std::stop_token &stop)
    {
        std::vector<std::string> names;
        for (const auto &layer : layers) {
            const auto name = layer.diff_id.hex();
            if (!held_.contains(name))
                held_.emplace(name, extracted_.hold(layer, agent_, bus_, parent_, stop).lock);
            names.push_back(name);
        }
        return names;
    }

    std::string unpack(const UnpackedFiles &files, const std::stop_token &stop)
    {
        auto name = files.name.hex();
        if (!unpacked_.contains(name)) {
            Task task{bus_, parent_, TaskKind::extract, "unpack files to mount"};
            (void)extract({Place::files, name}, files.open_tar(stop), agent_, task, stop);
            unpacked_.insert(name);
        }
        return name;
    }

    EventBus &bus_;
    TaskId parent_;
    ExtractedLayers extracted_;
    CacheDirectories caches_;
    std::set<std::string> unpacked_; ///< into the scratch space
    std::map<std::string, os::FileLock> held_;
    ScratchSpace scratch_;
    AgentProcess agent_; // ends first: it empties the scratch space
};

class OverlayBackend final : public Backend {
public:
    explicit OverlayBackend(OverlayBackendOptions options) : options_{std::move(options)} {}

    [[nodiscard]] std::string_view name() const override { return options_.user_namespace ? "userns" : "ns"; }

    [[nodiscard]] std::unique_ptr<Workspace> open(std::span<const LayerSource> layers, EventBus &bus,
                                                  TaskId parent, const std::stop_token &stop) override
    {
        auto workspace = std::make_unique<OverlayWorkspace>(options_, make_places(options_), bus, parent);
        workspace->add(layers, stop);
        return workspace;
    }

private:
    OverlayBackendOptions options_;
};

} // namespace

std::unique_ptr<Backend> overlay_backend(OverlayBackendOptions options)
{
    return std::make_unique<OverlayBackend>(std::move(options));
}

void probe_overlay(const OverlayBackendOptions &options)
{
    NullBus bus;
    OverlayWorkspace{options, make_places(options), bus, TaskId{}}.probe();
}

} // namespace mica::sandbox
