// Any bytes with a right checksum are an index or are refused as one; without it, always.
#include "layer/layer_index.hh"
#include "base/error.hh"
#include "fuzz.hh"
#include "io/hash.hh"
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using namespace mica;
using fuzz::require;

bool is_read(std::string_view bytes, const Digest &name)
try {
    layer::read_index(bytes, name, [](const layer::Change &) {});
    return true;
} catch (const Error &error) {
    require(error.kind() == ErrorKind::integrity, "bytes are refused as no index");
    return false;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text{reinterpret_cast<const char *>(data), size};
    const auto name = sha256("layer");
    // The beginning of every index, so that the records behind it are reached.
    const auto empty = layer::IndexWriter{name}.finish();
    auto body = empty.substr(0, empty.size() - Digest::size) + std::string{text};
    require(!is_read(body, name) || size >= Digest::size, "a checksum is needed");
    const auto sum = sha256(body);
    body.append(reinterpret_cast<const char *>(sum.bytes().data()), sum.bytes().size());
    (void)is_read(body, name);
    return 0;
}
