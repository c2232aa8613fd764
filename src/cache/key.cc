#include "cache/key.hh"

#include "io/hash.hh"
#include <fmt/format.h>

namespace mica::cache {

namespace {

/// Changes whenever the meaning of a part or the bytes of a layer change.
constexpr std::string_view version = "mica-cache-key-1";

std::string framed(std::string_view text)
{
    return fmt::format("{}:{},", text.size(), text);
}

} // namespace

CacheKey make_key(const std::vector<KeyPart> &parts)
{
    Sha256 hash;
    hash.update(framed(version));
    for (const auto &part : parts) {
        hash.update(framed(part.name));
        hash.update(framed(part.value));
    }
    return CacheKey{hash.digest()};
}

std::string frame_list(const std::vector<std::string> &items)
{
    std::string out;
    for (const auto &item : items)
        out += framed(item);
    return out;
}

} // namespace mica::cache
