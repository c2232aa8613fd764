#pragma once
/// @file
/// Layers as the steps need them: as a tar to extract, or as a list of changes.
/// Each layer is fetched and read at most once at a time, whoever asks.
#include "base/event.hh"
#include "exec/build.hh"
#include "layer/change.hh"
#include "layer/layer_reader.hh"
#include "oci/image.hh"
#include "sandbox/sandbox.hh"
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <vector>

namespace mica::exec {

/// A layer's changes without contents; shared, immutable.
using ChangesPtr = std::shared_ptr<const std::vector<layer::Change>>;

/// All members may be called from any thread. Outlives the stages of its build.
class LayerCatalog {
public:
    explicit LayerCatalog(Services &services) : services_{services} {}

    /// What the layer changes, in archive order. From the index of an earlier reading;
    /// else by streaming the layer once (from a registry, without keeping its bytes),
    /// after which the index is kept.
    [[nodiscard]] ChangesPtr changes(const oci::PlacedLayer &layer, TaskId parent,
                                     const std::stop_token &stop);

    /// Streams the layer's files with their bytes; from the state's store if it is
    /// there, else from where it lies.
    void read(const oci::PlacedLayer &layer, const layer::LayerVisitor &visitor, const std::stop_token &stop);

    /// For a backend: the blob is brought into the state's store when it is first opened.
    [[nodiscard]] sandbox::LayerSource for_sandbox(const oci::PlacedLayer &layer, TaskId parent);

private:
    using Lock = std::shared_ptr<std::mutex>;

    [[nodiscard]] Lock lock_of(const Digest &digest);
    void ensure_local(const oci::PlacedLayer &layer, TaskId parent, const std::stop_token &stop);
    [[nodiscard]] std::unique_ptr<Source> open_tar(const oci::PlacedLayer &layer,
                                                   const std::stop_token &stop);
    [[nodiscard]] ChangesPtr load_index(const Digest &diff_id);
    void keep_index(const Digest &diff_id, const std::vector<layer::Change> &changes);

    Services &services_;
    std::mutex mutex_;
    std::map<Digest, Lock> locks_;
    std::map<Digest, std::weak_ptr<const std::vector<layer::Change>>> known_;
};

} // namespace mica::exec
