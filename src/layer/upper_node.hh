#pragma once
/// @file
/// The nodes of an UpperTree.
#include "layer/file_tree.hh"
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace mica::layer {

class UpperNodes;

struct UpperNode {
    std::string name;
    FileTree::InodePtr inode; ///< null: only something below it was named
    bool whiteout = false;
    bool opaque = false;
    bool exists = false; ///< it or something below it is to be there
    std::unique_ptr<UpperNodes> children;
};

/// The names in a directory. Layers are nearly always written in order, and then this is
/// a sorted array and nothing more: no memory beside what the tree keeps in the end. For a
/// directory whose names come in disorder an index of hashes is made, so that a million
/// of them is no trap.
class UpperNodes {
public:
    UpperNodes() = default;
    UpperNodes(const UpperNodes &) = delete;
    UpperNodes &operator=(const UpperNodes &) = delete;

    [[nodiscard]] UpperNode *find(std::string_view name);
    /// The node of that name, made if need be. Pointers to others end here.
    [[nodiscard]] UpperNode &at(std::string_view name);
    /// All of them by name, for taking; the list is of no use afterwards.
    [[nodiscard]] std::vector<UpperNode> take_sorted();
    [[nodiscard]] std::size_t size() const { return nodes_.size(); }

private:
    struct Hash {
        using is_transparent = void;
        const std::vector<UpperNode> *nodes;
        std::size_t operator()(std::string_view name) const { return std::hash<std::string_view>{}(name); }
        std::size_t operator()(std::uint32_t at) const { return (*this)((*nodes)[at].name); }
    };
    struct Equal {
        using is_transparent = void;
        const std::vector<UpperNode> *nodes;
        bool operator()(std::uint32_t a, std::uint32_t b) const { return a == b; }
        bool operator()(std::string_view a, std::uint32_t b) const { return a == (*nodes)[b].name; }
        bool operator()(std::uint32_t a, std::string_view b) const { return (*nodes)[a].name == b; }
    };
    using Index = std::unordered_set<std::uint32_t, Hash, Equal>;

    void make_index();

    std::vector<UpperNode> nodes_;
    std::unique_ptr<Index> index_; ///< null while the names are in order
};

} // namespace mica::layer
