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
#include <string>
#include <utility>
#include <vector>

namespace mica::exec {

/// What a layer changes, as layer/layer_index.hh writes it: a tenth of the memory of the values.
using IndexPtr = std::shared_ptr<const std::string>;

/// All members may be called from any thread. Outlives the stages of its build.
class LayerCatalog {
public:
    explicit LayerCatalog(Services &services) : services_{services} {}

    /// The layer's index, of an earlier reading, here or (in a shared cache) elsewhere; else made by
    /// streaming the layer once (from a registry, without keeping its bytes), after which it is kept.
    [[nodiscard]] IndexPtr index(const oci::PlacedLayer &layer, TaskId parent, const std::stop_token &stop);
    /// What the layer changes, in archive order, contents null.
    void visit(const Digest &diff_id, const IndexPtr &index, const layer::ChangeVisitor &visitor);
    [[nodiscard]] std::vector<layer::Change> changes(const oci::PlacedLayer &layer, TaskId parent,
                                                     const std::stop_token &stop);

    /// Brings the blob into the state's store, unless it is there or in the warmed one.
    void ensure_local(const oci::PlacedLayer &layer, TaskId parent, const std::stop_token &stop);

    /// Keeps the index of a layer whose changes are known because it was just made.
    void learn(const Digest &diff_id, const std::vector<layer::Change> &changes);

    /// Streams the layer's files with their bytes; from the state's store if it is
    /// there, else from where it lies.
    void read(const oci::PlacedLayer &layer, const layer::LayerVisitor &visitor, const std::stop_token &stop);

    /// The bytes of /etc/passwd and /etc/group as far as a layer's index has them, or somebody
    /// has read them; null: not known. `layer` by its diff_id.
    [[nodiscard]] ContentPtr small_file(const Digest &diff_id, const std::string &path);
    void remember(const Digest &diff_id, const std::string &path, std::string bytes);

    /// For a backend. What is to be read more than once is brought into the state's store.
    [[nodiscard]] sandbox::LayerSource for_sandbox(const oci::PlacedLayer &layer, TaskId parent);

private:
    using Lock = std::shared_ptr<std::mutex>;

    [[nodiscard]] Lock lock_of(const Digest &digest);
    [[nodiscard]] std::unique_ptr<Source> open_tar(const oci::PlacedLayer &layer,
                                                   const std::stop_token &stop);
    [[nodiscard]] IndexPtr load_index(const Digest &diff_id, const std::stop_token &stop);
    [[nodiscard]] IndexPtr read_kept(const std::filesystem::path &directory, const Digest &diff_id) const;
    [[nodiscard]] IndexPtr checked(std::string bytes, const Digest &diff_id) const;
    void keep_index(const Digest &diff_id, const IndexPtr &index);

    Services &services_;
    std::mutex mutex_;
    std::map<Digest, Lock> locks_;
    std::map<Digest, std::weak_ptr<const std::string>> known_;
    std::map<std::pair<Digest, std::string>, ContentPtr> small_files_;
    std::vector<IndexPtr> unkept_; ///< indexes that have no file to be read from again
};

} // namespace mica::exec
