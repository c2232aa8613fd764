// Any bytes are a document of a cache, or refused; what was read and is written reads as the same.
#include "base/error.hh"
#include "cache/cache_index.hh"
#include "cache/entry.hh"
#include "cache/key.hh"
#include "fuzz.hh"
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace {

using namespace mica;
using fuzz::require;

template <class Body> void may_refuse(Body &&body)
try {
    body();
} catch (const Error &error) {
    require(error.kind() == ErrorKind::integrity || error.kind() == ErrorKind::unsupported,
            "an error of the document");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text{reinterpret_cast<const char *>(data), size};
    may_refuse([&] {
        const auto index = cache::parse_cache_index(text);
        require(cache::parse_cache_index(cache::to_json(index)) == index, "an index reads as it was written");
    });
    may_refuse([&] {
        const auto entry = cache::parse_entry(text);
        require(cache::parse_entry(cache::to_json(entry)) == entry, "an entry reads as it was written");
    });
    may_refuse([&] {
        const auto parts = cache::parse_parts(text);
        require(cache::parse_parts(cache::to_json(parts)) == parts, "parts read as they were written");
    });
    if (const auto items = cache::unframe_list(text))
        require(cache::frame_list(*items) == text, "a list has one form");
    return 0;
}
