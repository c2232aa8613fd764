#include "sandbox/namespace_workspace.hh"

#include "base/error.hh"
#include "sandbox/command_output.hh"
#include "sandbox/run_request.hh"
#include "sandbox/step_changes.hh"
#include <fmt/format.h>
#include <utility>

namespace mica::sandbox {
namespace {

/// The bytes of a file that a step wrote.
class StepContent final : public Content {
public:
    StepContent(std::shared_ptr<ContentOpener> opener, std::shared_ptr<std::atomic<bool>> valid,
                std::string directory, std::string path)
        : opener_{std::move(opener)}, valid_{std::move(valid)}, directory_{std::move(directory)},
          path_{std::move(path)}
    {
    }
    [[nodiscard]] std::unique_ptr<Source> open() const override
    {
        return in_context([&] { return fmt::format("read {} of the step", path_); },
                          [&] {
                              if (!*valid_)
                                  throw Error{ErrorKind::internal, "the next step has begun"};
                              return std::make_unique<FdSource>(opener_->open(directory_, path_));
                          });
    }

private:
    std::shared_ptr<ContentOpener> opener_;
    std::shared_ptr<std::atomic<bool>> valid_;
    std::string directory_, path_;
};

AgentOptions agent_options(const NamespaceOptions &options, const StateDirectories &directories,
                           const ScratchSpace &scratch)
{
    return {options.confinement, options.user_namespace, options.fake_root, options.storage,
            directories.layers,  directories.caches,     scratch.path()};
}

} // namespace

NamespaceWorkspace::NamespaceWorkspace(const NamespaceOptions &options, const StateDirectories &directories,
                                       EventBus &bus, TaskId parent)
    : bus_{bus}, parent_{parent}, storage_{options.storage}, all_scratch_{directories.scratch},
      caches_{directories.caches, options.confinement != Confinement::namespaces},
      scratch_{directories.scratch}, agent_{agent_options(options, directories, scratch_)},
      supply_{storage_ == Storage::overlay
                  ? extracted_supply({agent_, bus, parent}, directories.layers)
                  : merged_supply({agent_, bus, parent}, options.confinement != Confinement::namespaces)}
{
}

ExitStatus NamespaceWorkspace::run(const Command &command, const OutputVisitor &output,
                                   const std::stop_token &stop)
{
    outdate_contents();
    const auto caches = caches_.hold(command.mounts, agent_, bus_, parent_, stop);
    const MountSupply mounts{[&](const LayerView &view) { return supply_->view(view, stop); },
                             [&](const UnpackedFiles &files) { return supply_->files(files, stop); },
                             [&](const CacheDirectory &cache) { return caches.at(cache.id).name; }};
    const auto answer = run_and_watch(agent_, encode(run_request(command, mounts)), output, stop);
    if (answer.by_signal)
        return {128 + answer.value, answer.value};
    return {answer.value, 0};
}

std::unique_ptr<layer::ChangeSource> NamespaceWorkspace::seal(const layer::FileTree &before)
{
    auto answer = decode<SealAnswer>(agent_.ask(Ask::seal).body);
    contents_valid_ = std::make_shared<std::atomic<bool>>(true);
    const auto content = [&](const std::string &path) -> ContentPtr {
        return std::make_shared<StepContent>(agent_.contents(), contents_valid_, answer.directory, path);
    };
    return std::make_unique<layer::ChangeList>(step_changes(std::move(answer.entries), before, content));
}

void NamespaceWorkspace::add_layer(const LayerSource &layer, const std::stop_token &stop)
{
    add({&layer, 1}, stop);
}

void NamespaceWorkspace::add(std::span<const LayerSource> layers, const std::stop_token &stop)
{
    outdate_contents();
    supply_->add_to_root(layers, stop);
}

void NamespaceWorkspace::probe()
{
    RunRequest request;
    request.argv = {"probe"};
    request.working_directory = "/";
    request.hostname = "probe";
    request.probe = true;
    (void)run_and_watch(agent_, encode(request), {}, {});
}

void NamespaceWorkspace::sweep()
{
    const auto abandoned = AbandonedScratch::find(all_scratch_);
    SweepRequest request;
    for (const auto &scratch : abandoned)
        request.names.push_back(scratch.name());
    if (!request.names.empty())
        (void)agent_.ask(Ask::sweep, encode(request));
    for (const auto &scratch : abandoned)
        scratch.forget();
}

void NamespaceWorkspace::outdate_contents()
{
    if (storage_ == Storage::plain && contents_valid_)
        *contents_valid_ = false;
}

} // namespace mica::sandbox
