#include "cache/entry.hh"

#include "base/error.hh"
#include <nlohmann/json.hpp>

namespace mica::cache {

namespace {

using Json = nlohmann::ordered_json;

constexpr int version = 2;

/// Runs `body` over a document of outside origin; what JSON's reader throws becomes an Error.
template <class Body> auto reading(std::string_view what, std::string_view text, Body &&body)
{
    try {
        return body(Json::parse(text));
    } catch (const Json::exception &error) {
        throw Error{ErrorKind::integrity, std::string{what} + " cannot be read: " + error.what()};
    }
}

/// Values may be any bytes (an environment need not be UTF-8).
std::string dump(const Json &json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace

std::string to_json(const CacheEntry &entry)
{
    Json json;
    json["version"] = version;
    json["layer"] = {{"mediaType", oci::media_type_name(entry.layer.blob.media_type)},
                     {"digest", entry.layer.blob.digest.str()},
                     {"size", entry.layer.blob.size},
                     {"diffId", entry.layer.diff_id.str()}};
    json["created"] = format_rfc3339(entry.created);
    json["made"] = format_rfc3339(entry.made);
    json["stage"] = entry.place.stage;
    json["number"] = entry.place.number;
    json["text"] = entry.place.text;
    return dump(json);
}

CacheEntry parse_entry(std::string_view text)
{
    return reading("a cache entry", text, [](const Json &json) {
        if (json.at("version").get<int>() != version)
            throw Error{ErrorKind::integrity, "a cache entry is of another version"};
        const auto &layer = json.at("layer");
        const oci::Descriptor blob{oci::parse_media_type(layer.at("mediaType").get<std::string>()),
                                   Digest::parse(layer.at("digest").get<std::string>()),
                                   layer.at("size").get<std::uint64_t>()};
        if (blob.media_type == oci::MediaType::other)
            throw Error{ErrorKind::integrity, "a cache entry names no layer"};
        const auto created = parse_rfc3339(json.at("created").get<std::string>());
        const auto made = json.find("made"); // earlier versions did not say
        return CacheEntry{{Digest::parse(layer.at("diffId").get<std::string>()), blob},
                          created,
                          {json.at("stage").get<std::string>(), json.at("number").get<std::uint32_t>(),
                           json.at("text").get<std::string>()},
                          made == json.end() ? created : parse_rfc3339(made->get<std::string>())};
    });
}

std::string to_json(const std::vector<KeyPart> &parts)
{
    // One by one: a document of all, with a part for each file, would be many times the text.
    std::string text = "[";
    for (const auto &part : parts) {
        if (text.size() > 1)
            text += ',';
        text += dump(Json::array({part.name, part.value}));
    }
    return text += ']';
}

std::vector<KeyPart> parse_parts(std::string_view text)
{
    return reading("the parts of a cache key", text, [](const Json &json) {
        std::vector<KeyPart> parts;
        for (const auto &part : json)
            parts.push_back({part.at(0).get<std::string>(), part.at(1).get<std::string>()});
        return parts;
    });
}

} // namespace mica::cache
