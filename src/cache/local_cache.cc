#include "cache/local_cache.hh"

#include "base/error.hh"
#include "io/fd.hh"
#include <nlohmann/json.hpp>

namespace mica::cache {

namespace {

constexpr std::uint64_t largest_entry = 16 << 20;

oci::Layer parse_entry(const std::string &text)
{
    const auto entry = nlohmann::json::parse(text);
    const auto &layer = entry.at("layer");
    oci::Descriptor blob{oci::parse_media_type(layer.at("mediaType").get<std::string>()),
                         Digest::parse(layer.at("digest").get<std::string>()),
                         layer.at("size").get<std::uint64_t>()};
    return {Digest::parse(layer.at("diffId").get<std::string>()), std::move(blob)};
}

} // namespace

std::optional<CachedStep> LocalCache::find(const CacheKey &key) const
{
    try {
        const auto layer = parse_entry(read_file(directory_ / key.value.hex(), largest_entry));
        if (store_.contains(layer.blob.digest))
            return CachedStep{layer};
    } catch (const Error &) {
        // not there, or damaged: the step runs again and writes it anew
    } catch (const nlohmann::json::exception &) {
    }
    return std::nullopt;
}

void LocalCache::store(const CacheKey &key, const std::vector<KeyPart> &parts, const CachedStep &step) const
{
    nlohmann::ordered_json entry;
    entry["version"] = 1;
    entry["layer"] = {{"mediaType", oci::media_type_name(step.layer.blob.media_type)},
                      {"digest", step.layer.blob.digest.str()},
                      {"size", step.layer.blob.size},
                      {"diffId", step.layer.diff_id.str()}};
    entry["parts"] = nlohmann::ordered_json::array();
    for (const auto &part : parts)
        entry["parts"].push_back({part.name, part.value});
    std::filesystem::create_directories(directory_);
    // Values may be any bytes (an environment need not be UTF-8).
    const auto text = entry.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    write_file_atomically(directory_ / key.value.hex(), text);
}

} // namespace mica::cache
