#pragma once
/// @file
/// The root file system of a stage as a value: its layers, and (when somebody asks)
/// its tree.
#include "exec/layer_catalog.hh"
#include "layer/path_lookup.hh"
#include "oci/image.hh"
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mica::exec {

/// Copies share what is known. tree() may be called from any thread; append() by the
/// stage that owns this value.
class RootFs {
public:
    RootFs() : known_{std::make_shared<Known>()} { known_->tree.emplace(); }
    explicit RootFs(std::vector<oci::PlacedLayer> layers);

    [[nodiscard]] const std::vector<oci::PlacedLayer> &layers() const noexcept { return layers_; }
    /// Reads the trees of the layers, several at once, the first time.
    [[nodiscard]] layer::FileTree tree(LayerCatalog &catalog, TaskId parent,
                                       const std::stop_token &stop) const;
    /// What is at single paths: the first few are looked up in the indexes of the layers, more of them, or
    /// any if the tree is known, in the tree. Everything must outlive the lookup, which is for one thread.
    [[nodiscard]] layer::PathLookup lookup(LayerCatalog &catalog, TaskId parent,
                                           const std::stop_token &stop) const;
    /// A new top layer that was made at `created`, and what it changes; without `changes`
    /// the tree learns of them when somebody asks for it.
    void append(oci::PlacedLayer layer, Time created, std::optional<std::vector<layer::Change>> changes,
                const std::stop_token &stop);
    /// When the layers of this build (not of a base image) were made, lowest first.
    [[nodiscard]] const std::vector<Time> &times() const noexcept { return times_; }

private:
    struct Way {
        std::string path;
        layer::FileTree tree;
    };
    struct Known {
        std::mutex mutex;
        std::optional<layer::FileTree> tree;
        std::size_t layers = 0; ///< how many of them the tree has
        std::vector<Way> ways;  ///< of all layers
        int ways_looked_up = 0; ///< also by values that this one was made from
    };
    [[nodiscard]] layer::FileTree::InodePtr find(std::string_view path, LayerCatalog &catalog, TaskId parent,
                                                 const std::stop_token &stop) const;
    [[nodiscard]] std::optional<layer::FileTree> look_up(std::string_view path, LayerCatalog &catalog,
                                                         TaskId parent, const std::stop_token &stop) const;
    static void apply_rest(const std::vector<oci::PlacedLayer> &layers, Known &known, LayerCatalog &catalog,
                           TaskId parent, const std::stop_token &stop);

    std::vector<oci::PlacedLayer> layers_;
    std::vector<Time> times_;
    std::shared_ptr<Known> known_;
};

} // namespace mica::exec
