#pragma once
/// @file
/// The root file system that a COPY works on, as it is and as the step makes it.
#include "io/content.hh"
#include "layer/change.hh"
#include "layer/path_lookup.hh"
#include "tar/entry.hh"
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mica::exec {

/// A file that the step makes. Several paths that share one are hard links.
struct NewFile {
    tar::Entry entry; ///< `path` means nothing; never FileType::hardlink
    ContentPtr content;
};
using NewFilePtr = std::shared_ptr<const NewFile>;

/// What make_directories() gives to a directory that it creates.
struct NewDirectory {
    std::uint32_t mode = 0755, uid = 0, gid = 0;
    Time mtime{};
};

/// A layer in the making, over a tree that stays as it is: later sources see what
/// earlier ones did. Paths have the form of tar::Entry::path.
class Destination {
public:
    explicit Destination(layer::PathLookup base) : base_{std::move(base)} {}

    /// What is at exactly this path (no link is followed); nullopt: nothing.
    [[nodiscard]] std::optional<tar::FileType> type(std::string_view path) const;
    [[nodiscard]] bool is_directory(std::string_view path) const
    {
        return type(path) == tar::FileType::directory;
    }
    /// The file that this step made at a path; null if it made none.
    [[nodiscard]] NewFilePtr made(std::string_view path) const;
    /// Where a path ends: all links followed, as a process with its root at `root` would.
    [[nodiscard]] std::string resolve(std::string_view path, bool follow_last,
                                      std::string_view root = {}) const;

    /// Creates what is missing of a path without links. Throws Error (dockerfile) if one
    /// of its components is no directory.
    void make_directories(std::string_view path, const NewDirectory &like);
    /// Puts a file where its parent is a directory. Whatever was there is replaced, but a
    /// directory over a directory keeps what is in it. Throws Error (unsupported)
    /// for a name that means something else in a layer (".wh.").
    void put(std::string_view path, NewFilePtr file);

    /// Everything that was made, in path_less order, the directories' opaque marks with it.
    [[nodiscard]] std::vector<layer::Change> changes() const;

private:
    struct Node {
        NewFilePtr file;         ///< null: the base's directory, passed through
        bool hides_base = false; ///< what the base has here and below is gone
        std::map<std::string, Node, std::less<>> children;
    };
    struct Place {
        const Node *node = nullptr;
        bool base_visible = true;
    };
    struct Emission;

    [[nodiscard]] Place find(std::string_view path) const;
    [[nodiscard]] std::optional<std::string> link_at(std::string_view path) const;
    Node &node_at(std::string_view path);
    void emit(const std::string &path, const Node &node, Emission &emission) const;

    layer::PathLookup base_;
    Node root_;
};

} // namespace mica::exec
