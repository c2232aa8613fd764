#pragma once
/// @file
/// Changes become a layer: tar → sha256 (diff_id) → compress → sha256 (digest) →
/// blob store, in one pass with bounded memory.
#include "base/thread_pool.hh"
#include "io/codec.hh"
#include "layer/change.hh"
#include "oci/blob_store.hh"
#include "oci/model.hh"
#include <functional>
#include <optional>
#include <stop_token>

namespace mica::layer {

struct LayerOptions {
    CompressionOptions compression;
    /// Modification times later than this are set to it (SOURCE_DATE_EPOCH).
    std::optional<Time> clamp_mtime;
    bool fixed_mtime = false; ///< and earlier ones too
};

/// Writes what `changes` gives; the result names a blob committed to `store`.
/// `observe` (may be empty) sees every change as it is written, with its time in
/// whole seconds and clamped, so that the caller's tree follows without a second
/// pass. On failure or cancellation nothing is left in the store. Directories that
/// `changes` does not give are not invented. The bytes: docs/formats.md, "Layer tar".
///
/// The contents are read on the calling thread. Throws Error: unsupported for a name
/// that a layer cannot have (".wh.…"), io for a file that changed its size meanwhile,
/// internal for changes out of order.
[[nodiscard]] oci::Layer write_layer(ChangeSource &changes, const LayerOptions &options,
                                     oci::BlobStore &store, ThreadPool &pool, const ChangeVisitor &observe,
                                     const std::stop_token &stop);

} // namespace mica::layer
