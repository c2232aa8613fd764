#pragma once
/// @file
/// Mounts for a process that may not mount: what a command is to see is moved to its place for as long
/// as the command runs, and what was there is moved out of the way.
#include "io/fd.hh"
#include "sandbox/mount_points.hh"
#include "sandbox/tree_scan.hh"
#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <sys/types.h>
#include <vector>

namespace mica::sandbox {

/// One command's. All moves stay on one file system: `hidden` must be on that of the root, and what is
/// shown, too (Error, unsupported, if not).
class StandIns {
public:
    /// `root`: the absolute path of the root directory, without links. `hidden`: an empty directory
    /// outside of it.
    StandIns(const std::string &root, std::filesystem::path hidden);
    /// restore(), without complaints.
    ~StandIns();
    StandIns(const StandIns &) = delete;
    StandIns &operator=(const StandIns &) = delete;

    /// Shows `source` (a file or directory) at `target`, and moves it back in the end.
    void lend(const std::filesystem::path &source, std::string_view target);
    /// Shows `source` at `target`; what is there in the end is dropped.
    void give(const std::filesystem::path &source, std::string_view target);
    /// In the reverse order. What the command moved or removed is not looked for.
    [[nodiscard]] std::vector<MovedFile> restore() noexcept;

private:
    struct Place {
        Fd parent;
        std::string parent_path; ///< below the root
        std::string name;
        std::string hidden; ///< name in the hidden directory of what was there
        timespec was_changed{};
        bool was_file = false;
        ino_t parent_inode = 0;
        std::filesystem::path returns_to; ///< empty: is dropped
        ino_t shown = 0;                  ///< what returns
    };
    void show(const std::filesystem::path &source, std::string_view target, std::filesystem::path returns_to);
    [[nodiscard]] Place find(std::string_view target, MountPoints::Kind kind);
    [[nodiscard]] std::set<ino_t> untouched_parents() const;
    void take_back(const Place &place, std::vector<MovedFile> &moved);

    std::string root_path_; ///< "" for "/"
    Fd root_;
    Fd hidden_;
    MountPoints points_;
    std::vector<Place> places_;
    /// The times that directories have when all is shown, by inode.
    std::map<ino_t, timespec> parent_times_;
    unsigned names_ = 0;
};

} // namespace mica::sandbox
