#include "exec/image_assembly.hh"

#include <algorithm>

namespace mica::exec {

namespace {

/// Some tools write a base image's history with fewer (or no) entries than it has
/// layers. The spec lets history be absent, but readers that pair the two want one
/// entry for each layer: the missing ones are added at the end of the base's part.
void pad_history(std::vector<oci::History> &history, std::size_t base_entries, std::size_t layers)
{
    const auto named = static_cast<std::size_t>(std::count_if(
        history.begin(), history.end(), [](const oci::History &entry) { return !entry.empty_layer; }));
    if (named >= layers)
        return;
    oci::History unknown;
    unknown.comment = "layer without a history entry";
    history.insert(history.begin() + static_cast<std::ptrdiff_t>(base_entries), layers - named, unknown);
}

} // namespace

oci::Image assemble(const oci::ImageConfig &planned, std::vector<oci::PlacedLayer> layers, Time created,
                    std::size_t base_history)
{
    oci::Image image;
    image.config = planned;
    image.config.created = created;
    auto &history = image.config.history;
    for (std::size_t i = std::min(base_history, history.size()); i < history.size(); ++i)
        history[i].created = created;
    pad_history(history, std::min(base_history, history.size()), layers.size());
    image.config.diff_ids.clear();
    for (const auto &layer : layers)
        image.config.diff_ids.push_back(layer.layer.diff_id);
    image.layers = std::move(layers);
    return image;
}

} // namespace mica::exec
