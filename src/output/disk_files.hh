#pragma once
/// @file
/// Files of an image, made on disk.
#include "io/fd.hh"
#include "io/stream.hh"
#include "tar/entry.hh"
#include <cstdint>
#include <string>
#include <vector>

namespace mica::output {

/// What could not be kept of the files, counted.
struct Losses {
    std::uint64_t owners = 0, devices = 0, attributes = 0;
    /// One sentence for the user; empty if nothing was lost.
    [[nodiscard]] std::string describe() const;
};

/// Makes files below a directory that was empty at first and that nobody else writes to. No path is
/// followed through a symbolic link, whatever the image says. One thread at a time.
class DiskFiles {
public:
    /// Owners are kept if this process may give files away.
    explicit DiskFiles(Fd root);

    /// In the order of visit_root_files(). Throws Error: integrity for a path that is none or leaves
    /// the directory.
    void add(const tar::Entry &entry, Source *body);

    /// Gives directories their times, modes and owners, which would be in the way before: call
    /// when everything is in its place, with the directory where that is. The root's own only
    /// `with_root`.
    void finish_directories(int root, bool with_root);

    [[nodiscard]] int root() const noexcept { return root_.get(); }
    [[nodiscard]] const Losses &losses() const noexcept { return losses_; }

private:
    [[nodiscard]] int parent_of(const std::string &path);
    void make_directory(const tar::Entry &entry);
    void make_regular(const tar::Entry &entry, Source *body);
    void make_symlink(const tar::Entry &entry);
    void make_hardlink(const tar::Entry &entry);
    void make_node(const tar::Entry &entry);
    void set_metadata(int fd, const tar::Entry &entry);
    void set_owner(int fd, const char *name, const tar::Entry &entry);
    void set_attributes(int fd, const tar::Entry &entry);

    Fd root_;
    bool keeps_owners_;
    Losses losses_;
    std::vector<tar::Entry> directories_;
    std::string open_parent_path_; ///< files come by directories: the last one stays open
    Fd open_parent_;
    std::vector<std::byte> buffer_;
};

} // namespace mica::output
