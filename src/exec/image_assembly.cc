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

/// Times of the entries from `first` on, and of the image: see assemble().
Time date_history(std::vector<oci::History> &history, std::size_t first, const std::vector<Time> &layers,
                  Time now)
{
    Time last = layers.empty() ? now : layers.front();
    std::size_t layer = 0;
    for (std::size_t i = first; i < history.size(); ++i) {
        if (!history[i].empty_layer && layer < layers.size())
            last = layers[layer++];
        history[i].created = last;
    }
    return last;
}

} // namespace

oci::Image assemble(const oci::ImageConfig &planned, const RootFs &root, Time now, std::size_t base_history)
{
    oci::Image image;
    image.config = planned;
    auto &history = image.config.history;
    const auto first = std::min(base_history, history.size());
    image.config.created = date_history(history, first, root.times(), now);
    pad_history(history, first, root.layers().size());
    image.config.diff_ids.clear();
    for (const auto &layer : root.layers())
        image.config.diff_ids.push_back(layer.layer.diff_id);
    image.layers = root.layers();
    return image;
}

} // namespace mica::exec
