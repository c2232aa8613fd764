#include "sandbox/extracted_layers.hh"
#include "sandbox/layer_supply.hh"

#include "io/hash.hh"
#include <fmt/format.h>
#include <set>
#include <utility>

namespace mica::sandbox {
namespace {

class MergedSupply final : public LayerSupply {
public:
    MergedSupply(SupplyContext context, bool once) : context_{context}, once_{once} {}

    void add_to_root(std::span<const LayerSource> layers, const std::stop_token &stop) override
    {
        apply(merged_root, layers, stop);
    }

    [[nodiscard]] std::vector<std::string> view(const LayerView &view, const std::stop_token &stop) override
    {
        Sha256 all;
        for (const auto &layer : view.layers)
            all.update(layer.diff_id.bytes());
        auto name = own_name("view-" + all.digest().hex(), view.read_only);
        if (ready_.insert(name).second)
            undo_on_failure(name, [&] { apply(name, view.layers, stop); });
        return {std::move(name)};
    }

    [[nodiscard]] std::string files(const UnpackedFiles &files, const std::stop_token &stop) override
    {
        auto name = own_name("files-" + files.name.hex(), files.read_only);
        if (ready_.insert(name).second)
            undo_on_failure(name, [&] {
                Task task{context_.bus, context_.parent, TaskKind::extract, "unpack files to mount"};
                (void)extract({Place::merged, name}, files.open_tar(stop), context_.agent, task, stop);
            });
        return name;
    }

private:
    /// What may be written is made anew for each command: the writes are to be dropped.
    std::string own_name(std::string name, bool read_only)
    {
        return read_only && !once_ ? std::move(name) : fmt::format("{}-{}", name, writable_++);
    }

    template <class Body> void undo_on_failure(const std::string &name, Body &&body)
    try {
        body();
    } catch (...) {
        ready_.erase(name);
        throw;
    }

    void apply(const std::string &name, std::span<const LayerSource> layers, const std::stop_token &stop)
    {
        for (const auto &layer : layers) {
            const auto describe = [&] { return fmt::format("extract layer {}", layer.diff_id.str()); };
            Task task{context_.bus, context_.parent, TaskKind::extract,
                      fmt::format("extract {}", layer.diff_id.str())};
            const auto answer = in_context(describe, [&] {
                return extract({Place::merged, name, layer.index_wanted()}, layer.open_tar(stop),
                               context_.agent, task, stop);
            });
            warn_of_stand_ins(answer.notes, layer, context_.bus);
            if (layer.learned)
                layer.learned(answer.index);
        }
    }

    SupplyContext context_;
    bool once_;
    std::set<std::string> ready_;
    unsigned writable_ = 0;
};

} // namespace

std::unique_ptr<LayerSupply> merged_supply(SupplyContext context, bool once)
{
    return std::make_unique<MergedSupply>(context, once);
}

} // namespace mica::sandbox
