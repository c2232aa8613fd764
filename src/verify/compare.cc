#include "verify/compare.hh"

#include "oci/platform.hh"
#include "verify/cause.hh"
#include "verify/compare_documents.hh"
#include "verify/compare_layers.hh"
#include <map>

namespace mica::verify {

namespace {

std::string platform_of(const Variant &variant)
{
    return oci::format_platform(variant.manifest.platform.value_or(variant.image.config.platform));
}

ImageDifference compare_variants(const Variant &left, const Variant &right, const CompareOptions &options,
                                 const std::stop_token &stop)
{
    ImageDifference image{platform_of(left),
                          compare_manifests(left, right),
                          compare_configs(left, right),
                          compare_histories(left, right),
                          {}};
    auto layers = compare_layers(left, right, options, stop);
    image.layers = std::move(layers.differences);
    image.same_layers = layers.same;
    if (image.same() && !left.manifest_json.empty() && !right.manifest_json.empty())
        image.manifest.push_back({"form of the document",
                                  std::to_string(left.manifest_json.size()) + " bytes",
                                  std::to_string(right.manifest_json.size()) + " bytes"});
    return image;
}

bool same_manifest(const Variant &left, const Variant &right)
{
    return !left.manifest_json.empty() && left.manifest_json == right.manifest_json;
}

Property one_sided(const std::string &platform, const Variant &variant, bool is_left)
{
    Property property{"platform " + platform, std::nullopt, std::nullopt};
    (is_left ? property.left : property.right) = variant.manifest.digest.str();
    property.cause = Cause{"platform", "an image for this platform is on one side only"};
    return property;
}

} // namespace

Report compare(const OpenedImage &left, const OpenedImage &right, const CompareOptions &options,
               const std::stop_token &stop)
{
    Report report{{left.name, left.top.digest.str()}, {right.name, right.top.digest.str()}, {}, {}};
    report.index = compare_indexes(left, right);
    if (left.variants.size() == 1 && right.variants.size() == 1) { // of whatever platforms
        if (!same_manifest(left.variants.front(), right.variants.front()))
            if (auto image = compare_variants(left.variants.front(), right.variants.front(), options, stop);
                !image.same())
                report.images.push_back(std::move(image));
        return report;
    }
    std::map<std::string, const Variant *> others;
    for (const auto &variant : right.variants)
        others.emplace(platform_of(variant), &variant);
    for (const auto &variant : left.variants) {
        const auto platform = platform_of(variant);
        const auto other = others.find(platform);
        if (other == others.end()) {
            report.index.push_back(one_sided(platform, variant, true));
            continue;
        }
        if (!same_manifest(variant, *other->second))
            if (auto image = compare_variants(variant, *other->second, options, stop); !image.same())
                report.images.push_back(std::move(image));
        others.erase(other);
    }
    for (const auto &[platform, variant] : others)
        report.index.push_back(one_sided(platform, *variant, false));
    return report;
}

} // namespace mica::verify
