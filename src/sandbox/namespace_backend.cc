#include "sandbox/namespace_backend.hh"

#include "sandbox/namespace_workspace.hh"
#include "sandbox/state_directories.hh"
#include <atomic>
#include <utility>

namespace mica::sandbox {
namespace {

class NamespaceBackend final : public Backend {
public:
    explicit NamespaceBackend(NamespaceOptions options) : options_{std::move(options)} {}

    [[nodiscard]] std::string_view name() const override
    {
        switch (options_.confinement) {
        case Confinement::chroot:
            return "chroot";
        case Confinement::translation:
            return "translate";
        case Confinement::in_place:
            return "inplace";
        case Confinement::namespaces:
            break;
        }
        return options_.user_namespace ? "userns" : "ns";
    }

    [[nodiscard]] std::unique_ptr<Workspace> open(std::span<const LayerSource> layers, EventBus &bus,
                                                  TaskId parent, const std::stop_token &stop) override
    {
        const auto directories =
            make_state_directories(options_.state, options_.user_namespace, options_.fake_root);
        auto workspace = std::make_unique<NamespaceWorkspace>(options_, directories, bus, parent);
        if (!swept_.exchange(true))
            workspace->sweep();
        workspace->add(layers, stop);
        return workspace;
    }

private:
    NamespaceOptions options_;
    std::atomic<bool> swept_ = false;
};

} // namespace

std::unique_ptr<Backend> namespace_backend(NamespaceOptions options)
{
    return std::make_unique<NamespaceBackend>(std::move(options));
}

void probe_namespaces(const NamespaceOptions &options)
{
    NullBus bus;
    const auto directories = make_state_directories(options.state, options.user_namespace, options.fake_root);
    NamespaceWorkspace{options, directories, bus, TaskId{}}.probe();
}

} // namespace mica::sandbox
