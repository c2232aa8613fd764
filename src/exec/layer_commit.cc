#include "exec/layer_commit.hh"

#include "layer/layer_index.hh"
#include "layer/layer_writer.hh"

namespace mica::exec {

namespace {

/// A store that lets a listener watch what is written into it.
class WatchedStore final : public oci::BlobStore {
public:
    WatchedStore(oci::BlobStore &store, const LayerListener &listener) : store_{store}, listener_{listener} {}

    [[nodiscard]] std::unique_ptr<Source> open(const oci::Descriptor &blob,
                                               const std::stop_token &stop) const override
    {
        return store_.open(blob, stop);
    }
    [[nodiscard]] std::optional<oci::Reference> repository() const override { return store_.repository(); }
    [[nodiscard]] bool contains(const Digest &digest) const override { return store_.contains(digest); }
    [[nodiscard]] std::unique_ptr<oci::BlobWriter> create() override
    {
        auto writer = store_.create();
        if (listener_.begun)
            if (auto growing = writer->growing())
                listener_.begun(std::move(growing));
        return writer;
    }

private:
    oci::BlobStore &store_;
    const LayerListener &listener_;
};

} // namespace

CommittedLayer commit_layer(layer::ChangeSource &changes, const StepContext &context,
                            const LayerListener &listener, const std::stop_token &stop)
{
    std::vector<layer::Change> written;
    const layer::LayerOptions options{context.request.compression, context.epoch,
                                      context.request.fixed_times};
    const auto observe = [&](const layer::Change &change) {
        written.push_back(
            {change.kind, change.entry, layer::is_kept_in_index(change.entry) ? change.content : nullptr});
    };
    WatchedStore store{*context.services.store, listener};
    oci::PlacedLayer layer{layer::write_layer(changes, options, store, context.services.pool, observe, stop),
                           context.services.store};
    if (listener.made)
        listener.made(layer);
    context.catalog.learn(layer.layer.diff_id, written);
    for (auto &change : written)
        change.content = nullptr;
    return {std::move(layer), std::move(written)};
}

} // namespace mica::exec
