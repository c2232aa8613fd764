#pragma once
/// @file
/// How layers come to where the helper process can mount them: the two kinds of storage.
#include "base/event.hh"
#include "sandbox/agent_process.hh"
#include "sandbox/sandbox.hh"
#include <filesystem>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace mica::sandbox {

/// Of one workspace; one thread at a time. All throw Error, Cancelled.
class LayerSupply {
public:
    virtual ~LayerSupply() = default;
    /// Puts layers on top of the workspace's root file system.
    virtual void add_to_root(std::span<const LayerSource> layers, const std::stop_token &stop) = 0;
    /// Makes a view ready, and gives the names that MountRequest::layers wants.
    [[nodiscard]] virtual std::vector<std::string> view(const LayerView &view,
                                                        const std::stop_token &stop) = 0;
    [[nodiscard]] virtual std::string files(const UnpackedFiles &files, const std::stop_token &stop) = 0;
};

/// What both need: the helper, and where tasks and notes go.
struct SupplyContext {
    AgentProcess &agent;
    EventBus &bus;
    TaskId parent;
};

/// Storage::overlay: each layer is extracted once for all builds, into `layers`.
[[nodiscard]] std::unique_ptr<LayerSupply> extracted_supply(SupplyContext context,
                                                            std::filesystem::path layers);
/// Storage::plain: layers are applied to the workspace's own directories, one upon another.
/// `once`: what is to be shown is moved to where it is shown, and can be used once.
[[nodiscard]] std::unique_ptr<LayerSupply> merged_supply(SupplyContext context, bool once = false);

} // namespace mica::sandbox
