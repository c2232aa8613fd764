#pragma once
/// @file
/// A layer's tar, read as changes: whiteouts become removals and opaque marks.
#include "io/stream.hh"
#include "layer/change.hh"
#include "layer/layer_index.hh"
#include <functional>
#include <memory>
#include <stop_token>

namespace mica::layer {

/// Streams the (uncompressed) tar once. `body` is the entry's bytes, valid during
/// the call; null unless a regular file with bytes. Archive order, not path order. Names are
/// cleaned ("./a" → "a"); a name that leaves the root is an Error (integrity), as is a
/// whiteout of nothing or something below one. What aufs kept for itself
/// (".wh..wh.plnk") is left out. The source is read to its end.
using LayerVisitor = std::function<void(const Change &change, Source *body)>;
void read_layer(std::unique_ptr<Source> tar, const LayerVisitor &visitor, const std::stop_token &stop);

/// The same, and adds every change to `index` (unless it is null) on the way.
void read_layer(std::unique_ptr<Source> tar, IndexWriter *index, const LayerVisitor &visitor,
                const std::stop_token &stop);

/// The changes of a layer's tar for FileTree::apply_layer(): archive order, no
/// contents. visit() reads the source, so once only.
class TarChanges final : public ChangeSource {
public:
    explicit TarChanges(std::unique_ptr<Source> tar) : tar_{std::move(tar)} {}
    void visit(const ChangeVisitor &visitor, const std::stop_token &stop) override;

private:
    std::unique_ptr<Source> tar_;
};

} // namespace mica::layer
