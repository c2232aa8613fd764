#pragma once
/// @file
/// A workspace of the backends `ns` and `userns`: mica's end.
#include "sandbox/cache_directories.hh"
#include "sandbox/layer_supply.hh"
#include "sandbox/namespace_backend.hh"
#include "sandbox/sandbox.hh"
#include "sandbox/scratch_space.hh"
#include "sandbox/state_directories.hh"
#include <atomic>
#include <memory>

namespace mica::sandbox {

class NamespaceWorkspace final : public Workspace {
public:
    NamespaceWorkspace(const NamespaceOptions &options, const StateDirectories &directories, EventBus &bus,
                       TaskId parent);

    [[nodiscard]] ExitStatus run(const Command &command, const OutputVisitor &output,
                                 const std::stop_token &stop) override;
    [[nodiscard]] std::unique_ptr<layer::ChangeSource> seal(const layer::FileTree &before) override;
    void add_layer(const LayerSource &layer, const std::stop_token &stop) override;
    void add(std::span<const LayerSource> layers, const std::stop_token &stop);
    /// See probe_namespaces().
    void probe();
    /// Removes what builds left that were killed.
    void sweep();

private:
    void outdate_contents();

    EventBus &bus_;
    TaskId parent_;
    Storage storage_;
    std::filesystem::path all_scratch_;
    CacheDirectories caches_;
    ScratchSpace scratch_;
    AgentProcess agent_; // ends before the scratch space, which it empties
    std::unique_ptr<LayerSupply> supply_;
    /// False when the files of the last sealed step may have been written over.
    std::shared_ptr<std::atomic<bool>> contents_valid_;
};

} // namespace mica::sandbox
