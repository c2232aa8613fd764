#pragma once
/// @file
/// The mounts that a command asks for, and its /etc/hosts and /etc/resolv.conf. Runs in
/// the agent, before the command's first process is made.
#include "sandbox/init_plan.hh"
#include "sandbox/layer_directory.hh"
#include "sandbox/merged_directories.hh"
#include "sandbox/overlay_mount.hh"
#include "sandbox/supervisor/file_records.hh"
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace mica::sandbox {

/// Where extracted things lie. `files` is null as long as there are none; `merged` is null
/// unless it has all views of layers and files.
struct MountSources {
    const LayerDirectory &layers;
    const LayerDirectory *files;
    const LayerDirectory &caches;
    MergedDirectories *merged;
};

/// Makes detached mounts. What they need (mounted views of layers, a tmpfs that holds
/// secrets) stays until this object goes.
class UserMounts {
public:
    /// `place`: an empty directory for what is needed.
    /// `records`: of a fake root; else null.
    UserMounts(MountSources sources, OverlayForm form, std::filesystem::path place,
               FileRecords *records = nullptr);
    ~UserMounts();
    UserMounts(const UserMounts &) = delete;
    UserMounts &operator=(const UserMounts &) = delete;

    [[nodiscard]] std::vector<PreparedMount> prepare(const RunRequest &request);

private:
    PreparedMount generated_file(const std::string &target, const std::string &bytes);
    PreparedMount one(const MountRequest &request);
    PreparedMount host(const MountRequest &request);
    PreparedMount view(const MountRequest &request, const LayerDirectory &from);
    PreparedMount merged_view(const MountRequest &request);
    PreparedMount cache(const MountRequest &request);
    PreparedMount socket(const MountRequest &request);
    PreparedMount tmpfs(const MountRequest &request);
    PreparedMount secret(const MountRequest &request);
    void set_owner_and_mode(const Fd &file, const MountRequest &request, const char *what);
    std::filesystem::path next_place();
    int private_memory();

    MountSources sources_;
    OverlayForm form_;
    std::filesystem::path place_;
    FileRecords *records_;
    unsigned places_ = 0;
    Fd memory_; ///< the tmpfs, when there is one
    std::vector<std::unique_ptr<OverlayMount>> views_;
};

/// /dev's nodes of this machine, for a user namespace, which cannot make its own.
[[nodiscard]] std::vector<PreparedMount> clone_devices();

} // namespace mica::sandbox
