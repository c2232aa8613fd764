// Any bytes are a layer or are refused as one; names stay inside the root; and the tree that a layer makes is
// the same when the layer is read again, or through its index.
#include "base/error.hh"
#include "fuzz.hh"
#include "io/hash.hh"
#include "io/stream.hh"
#include "layer/file_tree.hh"
#include "layer/layer_index.hh"
#include "layer/layer_reader.hh"
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace {

using namespace mica;
using fuzz::require;

bool is_clean(std::string_view path)
{
    const auto framed = "/" + std::string{path} + "/";
    return path.empty() ||
           (framed.find("//") == std::string::npos && framed.find("/./") == std::string::npos &&
            framed.find("/../") == std::string::npos);
}

std::unique_ptr<Source> source_of(std::string_view text)
{
    return std::make_unique<StringSource>(std::string{text});
}

/// Empty if the bytes are no layer.
std::string index_of(std::string_view text, const Digest &name)
try {
    layer::IndexWriter index{name};
    layer::read_layer(source_of(text), &index,
                      [](const layer::Change &change, Source *body) {
                          require(is_clean(change.entry.path), "a name is clean");
                          require(body == nullptr || change.entry.type == tar::FileType::regular,
                                  "only files have bytes");
                      },
                      {});
    return index.finish();
} catch (const Error &error) {
    require(error.kind() == ErrorKind::integrity || error.kind() == ErrorKind::unsupported,
            "bytes are refused as no layer");
    return {};
}

/// False if the changes do not fit each other.
bool apply(layer::FileTree &tree, layer::ChangeSource &changes)
try {
    tree.apply_layer(changes, 0, {});
    return true;
} catch (const Error &error) {
    require(error.kind() == ErrorKind::integrity, "changes are refused as no layer's");
    return false;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text{reinterpret_cast<const char *>(data), size};
    const auto name = sha256(text);
    auto index = index_of(text, name);
    if (index.empty())
        return 0;
    layer::FileTree from_tar, from_index;
    layer::TarChanges read{source_of(text)};
    layer::IndexedChanges indexed{std::move(index), name};
    const bool fits = apply(from_tar, read);
    require(apply(from_index, indexed) == fits, "an index is read as its layer is");
    if (fits)
        require(from_tar == from_index, "an index makes the tree of its layer");
    return 0;
}
