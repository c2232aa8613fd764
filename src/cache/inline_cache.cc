#include "cache/inline_cache.hh"

#include "base/error.hh"
#include "cache/image_cache.hh"
#include <nlohmann/json.hpp>

namespace mica::cache {

namespace {

using Json = nlohmann::ordered_json;

} // namespace

void add_inline_keys(oci::Image &image, const std::map<CacheKey, UsedStep> &used)
{
    auto json = Json::array();
    for (std::size_t number = 0; number < image.layers.size(); ++number)
        for (const auto &[key, step] : used)
            if (step.entry.layer == image.layers[number].layer)
                json.push_back({number, key.value.str(), format_rfc3339(step.entry.created)});
    image.annotations[inline_annotation] = json.dump();
}

std::optional<CacheIndex> inline_index(const oci::Image &image)
{
    const auto found = image.annotations.find(inline_annotation);
    if (found == image.annotations.end())
        return std::nullopt;
    try {
        CacheIndex index;
        for (const auto &item : Json::parse(found->second)) {
            const auto number = item.at(0).get<std::size_t>();
            if (number >= image.layers.size())
                throw Error{ErrorKind::integrity, "the inline cache names a layer that the image has not"};
            const auto created = parse_rfc3339(item.at(2).get<std::string>());
            CacheEntry entry{image.layers[number].layer, created, {}, created};
            index.items.insert_or_assign(CacheKey{Digest::parse(item.at(1).get<std::string>())},
                                         CacheIndex::Item{std::move(entry), {}});
        }
        return index;
    } catch (const Json::exception &error) {
        throw Error{ErrorKind::integrity, std::string{"the inline cache cannot be read: "} + error.what()};
    }
}

} // namespace mica::cache
