#include "sandbox/extracted_layers.hh"
#include "sandbox/layer_supply.hh"

#include <map>
#include <set>
#include <utility>

namespace mica::sandbox {
namespace {

class ExtractedSupply final : public LayerSupply {
public:
    ExtractedSupply(SupplyContext context, std::filesystem::path layers)
        : context_{context}, extracted_{std::move(layers)}
    {
    }

    void add_to_root(std::span<const LayerSource> layers, const std::stop_token &stop) override
    {
        (void)context_.agent.ask(Ask::add_layers, encode(AddLayersRequest{hold(layers, stop)}));
    }

    [[nodiscard]] std::vector<std::string> view(const LayerView &view, const std::stop_token &stop) override
    {
        return hold(view.layers, stop);
    }

    [[nodiscard]] std::string files(const UnpackedFiles &files, const std::stop_token &stop) override
    {
        auto name = files.name.hex();
        if (!unpacked_.contains(name)) {
            Task task{context_.bus, context_.parent, TaskKind::extract, "unpack files to mount"};
            (void)extract({Place::files, name}, files.open_tar(stop), context_.agent, task, stop);
            unpacked_.insert(name);
        }
        return name;
    }

private:
    std::vector<std::string> hold(std::span<const LayerSource> layers, const std::stop_token &stop)
    {
        std::vector<std::string> names;
        for (const auto &layer : layers) {
            auto name = layer.diff_id.hex();
            if (!held_.contains(name))
                held_.emplace(
                    name, extracted_.hold(layer, context_.agent, context_.bus, context_.parent, stop).lock);
            names.push_back(std::move(name));
        }
        return names;
    }

    SupplyContext context_;
    ExtractedLayers extracted_;
    std::set<std::string> unpacked_; ///< into the workspace's scratch space
    std::map<std::string, os::FileLock> held_;
};

} // namespace

std::unique_ptr<LayerSupply> extracted_supply(SupplyContext context, std::filesystem::path layers)
{
    return std::make_unique<ExtractedSupply>(context, std::move(layers));
}

} // namespace mica::sandbox
