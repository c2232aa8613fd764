#pragma once
/// @file
/// The file system of an image as a value: metadata of every path, and which
/// layer holds its bytes. Copies are cheap (nodes are shared until changed), so
/// that each stage and step may keep its own.
#include "layer/change.hh"
#include "tar/entry.hh"
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mica::layer {

/// What a name in the tree stands for. Several names of one inode are hard links.
struct Inode {
    tar::FileType type{}; ///< never hardlink
    std::uint32_t mode = 0, uid = 0, gid = 0;
    std::uint64_t size = 0;
    Time mtime{};
    std::string symlink; ///< text of a symbolic link
    std::map<std::string, std::string> xattrs;
    std::uint32_t device_major = 0, device_minor = 0;
    /// Regular files: the layer (counted from 0, lowest first) whose tar has the
    /// bytes, and the path of the entry there.
    std::uint32_t layer = 0;
    std::string path_in_layer;
};

/// The inode under one of its names.
[[nodiscard]] tar::Entry entry_of(std::string path, const Inode &inode);

class FileTree {
public:
    using InodePtr = std::shared_ptr<const Inode>;

    /// An empty root directory, 0755 0:0.
    FileTree();
    ~FileTree();
    FileTree(const FileTree &);
    FileTree(FileTree &&) noexcept; ///< what was moved from may only be assigned to or destroyed
    FileTree &operator=(const FileTree &);
    FileTree &operator=(FileTree &&) noexcept;

    /// The inode at exactly this path (no link is followed); null if there is none.
    /// Paths here and below are in the form of tar::Entry::path.
    [[nodiscard]] InodePtr find(std::string_view path) const;
    /// Names in a directory, sorted bytewise; empty if it is none.
    [[nodiscard]] std::vector<std::string> children(std::string_view path) const;
    /// Where a path (any form: absolute, with "..", with links) ends inside this root.
    /// Links in the middle are followed, the last one if asked; components that do
    /// not exist are kept as they are. Throws Error (io) on a loop of links.
    [[nodiscard]] std::string resolve(std::string_view path, bool follow_last) const;
    /// Every path, in ChangeSource's order, the root ("") first.
    void walk(const std::function<void(const std::string &path, const InodePtr &inode)> &visit) const;
    /// The same below (and with) one path.
    void walk(std::string_view from,
              const std::function<void(const std::string &path, const InodePtr &inode)> &visit) const;
    /// Number of paths, the root counted.
    [[nodiscard]] std::size_t size() const;

    /// One change of layer number `layer`, on the tree as it is now; changes in
    /// ChangeSource's order need no more. Parents that are missing, or no directories,
    /// come into being as 0755 0:0, time zero. Throws Error (integrity) for a hard
    /// link to nothing or to a directory.
    void apply(const Change &change, std::uint32_t layer);
    /// All changes of one layer, in any order (tar archives need not be sorted):
    /// whiteouts act on the lower layers only, as the image-spec demands. The tree
    /// is unchanged if this throws.
    void apply_layer(ChangeSource &changes, std::uint32_t layer, const std::stop_token &stop);

    /// Same paths, same metadata, same groups of hard links, same origins of bytes.
    [[nodiscard]] bool operator==(const FileTree &other) const;

private:
    friend std::vector<Change> diff(const FileTree &from, const FileTree &to);
    struct Node;
    std::unique_ptr<Node> root_;
};

/// The changes that make `to` out of `from`, in ChangeSource's order: applied to a
/// as a layer, diff(a, b) gives b, where a regular file among the changes now has its
/// bytes in that layer. Files are the same if metadata and origin of bytes are.
/// Contents are null (the trees know only where they lie).
[[nodiscard]] std::vector<Change> diff(const FileTree &from, const FileTree &to);

} // namespace mica::layer
