#include "cache/cache_index.hh"

#include "base/error.hh"
#include <nlohmann/json.hpp>

namespace mica::cache {

namespace {

using Json = nlohmann::ordered_json;

constexpr int version = 1;

} // namespace

std::string to_json(const CacheIndex &index)
{
    Json json;
    json["version"] = version;
    json["entries"] = Json::array();
    for (const auto &[key, item] : index.items)
        json["entries"].push_back({{"key", key.value.str()},
                                   {"used", format_rfc3339(item.used)},
                                   {"entry", Json::parse(to_json(item.entry))}});
    json["bases"] = Json::array();
    for (const auto &[diff_id, used] : index.bases)
        json["bases"].push_back({{"diffId", diff_id.str()}, {"used", format_rfc3339(used)}});
    return json.dump();
}

CacheIndex parse_cache_index(std::string_view text)
{
    try {
        const auto json = Json::parse(text);
        if (json.at("version").get<int>() != version)
            throw Error{ErrorKind::unsupported, "the cache was written by another version of mica"};
        CacheIndex index;
        for (const auto &item : json.at("entries"))
            index.items.insert_or_assign(CacheKey{Digest::parse(item.at("key").get<std::string>())},
                                         CacheIndex::Item{parse_entry(item.at("entry").dump()),
                                                          parse_rfc3339(item.at("used").get<std::string>())});
        for (const auto &base : json.at("bases"))
            index.bases.insert_or_assign(Digest::parse(base.at("diffId").get<std::string>()),
                                         parse_rfc3339(base.at("used").get<std::string>()));
        return index;
    } catch (const Json::exception &error) {
        throw Error{ErrorKind::integrity,
                    std::string{"the index of a cache cannot be read: "} + error.what()};
    }
}

} // namespace mica::cache
