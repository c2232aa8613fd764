#pragma once
/// @file
/// The layers below a workspace's writable directory, lowest first. Runs in the agent.
#include "io/fd.hh"
#include "os/xattr.hh"
#include "sandbox/extractor.hh"
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <vector>

namespace mica::sandbox {

/// A directory in overlay form: an extracted layer, or what an earlier step wrote.
struct StackLayer {
    std::string path; ///< absolute
    Fd directory;
    LayerNotes notes;
};

struct DirectoryMetadata {
    mode_t mode = 0755;
    uid_t uid = 0;
    gid_t gid = 0;
    timespec mtime{};
    os::Xattrs xattrs; ///< without overlayfs' own
};

[[nodiscard]] DirectoryMetadata read_metadata(int directory);
/// Sets what differs; true if anything did.
bool write_metadata(int directory, const DirectoryMetadata &wanted);

class LayerStack {
public:
    explicit LayerStack(OverlayForm form) : form_{form} {}
    void add(StackLayer layer) { layers_.push_back(std::move(layer)); }
    [[nodiscard]] const std::vector<StackLayer> &layers() const { return layers_; }

    /// What the root directory of the mounted stack must look like (overlayfs shows the
    /// writable directory's own metadata there).
    [[nodiscard]] DirectoryMetadata root() const;

    /// Does in the mounted stack what the layers from number `first` on left open:
    /// metadata of implied directories, hard links to lower layers. True if something
    /// was written.
    [[nodiscard]] bool complete(int mounted_root, std::size_t first) const;

private:
    /// The metadata that an implied directory has from a lower layer; nullopt if the mount
    /// shows the right one.
    [[nodiscard]] std::optional<DirectoryMetadata> inherited(const std::string &path) const;

    OverlayForm form_;
    std::vector<StackLayer> layers_;
};

} // namespace mica::sandbox
