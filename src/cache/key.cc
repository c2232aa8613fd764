#include "cache/key.hh"

#include "io/hash.hh"
#include <charconv>
#include <string>

namespace mica::cache {

namespace {

/// Changes whenever the meaning of a part or the bytes of a layer change.
constexpr std::string_view version = "mica-cache-key-2";

void append_framed(std::string &out, std::string_view text)
{
    out += std::to_string(text.size());
    out += ':';
    out += text;
    out += ',';
}

} // namespace

CacheKey make_key(const std::vector<KeyPart> &parts)
{
    Sha256 hash;
    std::string text;
    append_framed(text, version);
    for (const auto &part : parts) {
        append_framed(text, part.name);
        append_framed(text, part.value);
        hash.update(text);
        text.clear();
    }
    hash.update(text); // without parts the version is left
    return CacheKey{hash.digest()};
}

std::string frame_list(const std::vector<std::string> &items)
{
    std::string out;
    for (const auto &item : items)
        append_framed(out, item);
    return out;
}

std::optional<std::vector<std::string>> unframe_list(std::string_view text)
{
    std::vector<std::string> items;
    while (!text.empty()) {
        std::size_t size = 0;
        const auto *const end = text.data() + text.size();
        const auto [after, failure] = std::from_chars(text.data(), end, size);
        if (failure != std::errc{} || after == end || *after != ':')
            return std::nullopt;
        text.remove_prefix(static_cast<std::size_t>(after - text.data()) + 1);
        if (size >= text.size() || text[size] != ',')
            return std::nullopt;
        items.emplace_back(text.substr(0, size));
        text.remove_prefix(size + 1);
    }
    return items;
}

} // namespace mica::cache
