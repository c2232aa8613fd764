#pragma once
/// @file
/// The bytes of a file of the host, and the promise that they are the ones that were seen.
#include "context/host_tree.hh"
#include "io/content.hh"
#include <memory>
#include <string>
#include <sys/stat.h>

namespace mica::context {

/// Each open() enters the tree anew and compares inode, size and mtime with `seen`; the
/// source gives exactly that many bytes. Whatever differs is an Error (io) that names
/// the file: a layer of half-changed files would be worse than none. Keeps `tree` alive.
class HostContent final : public Content {
public:
    HostContent(std::shared_ptr<const HostTree> tree, std::string path, const struct stat &seen)
        : tree_{std::move(tree)}, path_{std::move(path)}, seen_{seen}
    {
    }
    [[nodiscard]] std::unique_ptr<Source> open() const override;
    /// The file's state that the bytes belong to.
    [[nodiscard]] const struct stat &seen() const noexcept { return seen_; }

private:
    std::shared_ptr<const HostTree> tree_;
    std::string path_;
    struct stat seen_;
};

} // namespace mica::context
