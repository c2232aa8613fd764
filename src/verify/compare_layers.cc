#include "verify/compare_layers.hh"

#include "base/stop.hh"
#include "verify/cause.hh"
#include "verify/compare_files.hh"
#include "verify/pair_layers.hh"
#include <fmt/format.h>

namespace mica::verify {

namespace {

std::vector<LayerName> names_of(const oci::Image &image)
{
    std::vector<std::string> instructions;
    for (const auto &entry : image.config.history)
        if (!entry.empty_layer)
            instructions.push_back(entry.created_by);
    std::vector<LayerName> names;
    for (std::size_t i = 0; i < image.layers.size(); ++i)
        names.push_back({image.layers[i].layer.diff_id, i < instructions.size() ? instructions[i] : ""});
    return names;
}

std::vector<Property> compare_blobs(const oci::Layer &left, const oci::Layer &right, bool with_manifests)
{
    std::vector<Property> out;
    const auto compare = [&](const char *name, const std::string &a, const std::string &b) {
        if (a != b)
            out.push_back({name, a, b});
    };
    compare("diff_id", left.diff_id.str(), right.diff_id.str());
    if (!with_manifests) // an archive's layers are packed in its own way
        return out;
    const auto type = [](const oci::Layer &layer) {
        return std::string{oci::media_type_name(layer.blob.media_type)};
    };
    compare("media type", type(left), type(right));
    compare("digest", left.blob.digest.str(), right.blob.digest.str());
    compare("size", std::to_string(left.blob.size), std::to_string(right.blob.size));
    return out;
}

} // namespace

LayerComparison compare_layers(const Variant &left, const Variant &right, const CompareOptions &options,
                               const std::stop_token &stop)
{
    LayerComparison result;
    const auto a = names_of(left.image), b = names_of(right.image);
    const bool with_manifests = !left.manifest_json.empty() && !right.manifest_json.empty();
    for (const auto &pair : pair_layers(a, b)) {
        throw_if_stopped(stop);
        LayerDifference layer{
            pair.left, pair.right, pair.left ? a[*pair.left].created_by : b[*pair.right].created_by, {}};
        if (!pair.left || !pair.right) {
            const auto &only = pair.left ? left.image.layers[*pair.left] : right.image.layers[*pair.right];
            list_files(only, pair.left.has_value(), options, layer, stop);
        } else {
            const auto &x = left.image.layers[*pair.left], &y = right.image.layers[*pair.right];
            layer.properties = compare_blobs(x.layer, y.layer, with_manifests);
            if (layer.properties.empty()) {
                ++result.same;
                continue;
            }
            if (x.layer.diff_id != y.layer.diff_id)
                compare_files(x, y, options, layer, stop);
        }
        layer.cause = layer_cause(layer);
        result.differences.push_back(std::move(layer));
    }
    return result;
}

} // namespace mica::verify
