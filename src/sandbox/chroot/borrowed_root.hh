#pragma once
/// @file
/// The files of a root directory, moved to "/" for as long as a command runs there.
#include "io/fd.hh"
#include "sandbox/tree_scan.hh"
#include <cstddef>
#include <ctime>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <vector>

namespace mica::sandbox {

/// For a container that is mica's alone: whatever else runs in it sees its root change. What "/"
/// has that is not of the stage (mounts, mica itself) stays in place; where both have a directory,
/// their files are put together; where both have a file, the container's waits in `hidden`.
class BorrowedRoot {
public:
    /// `stage`, `hidden`: absolute paths below one directory of "/" that the stage does not have,
    /// on the file system of "/". `root` is "/" but in tests. Throws Error (unsupported) when the
    /// container has a system of its own, which would be mixed with the stage's.
    BorrowedRoot(std::filesystem::path stage, std::filesystem::path hidden, std::filesystem::path root = "/");
    /// give_back(), without complaints.
    ~BorrowedRoot();
    BorrowedRoot(const BorrowedRoot &) = delete;
    BorrowedRoot &operator=(const BorrowedRoot &) = delete;

    /// What is there now and was not before is the stage's, too.
    [[nodiscard]] std::vector<MovedFile> give_back();

private:
    /// A directory that both have.
    struct Shared {
        std::string path; ///< below the root; "" is the root
        std::set<std::string> of_container;
        struct stat container{};
    };
    struct Hidden {
        std::string path, name;
    };
    struct Moved {
        timespec before{}, while_borrowed{};
    };
    void share(const std::string &path);
    void take(std::size_t shared, const std::string &name);
    void return_from(const Shared &shared, std::vector<MovedFile> &moved);
    [[nodiscard]] bool is_of_machine(const std::string &path) const;
    [[nodiscard]] std::string at(const std::filesystem::path &base, std::string_view path) const;

    std::filesystem::path stage_, hidden_, root_;
    std::set<std::string> mounts_; ///< absolute paths
    std::vector<Shared> shared_;   ///< outer ones first
    std::vector<Hidden> hides_;
    std::map<std::string, Moved> files_; ///< by path: what is no directory
};

/// The paths that something is mounted on, from the text of /proc/self/mountinfo.
[[nodiscard]] std::set<std::string> mount_targets(std::string_view mountinfo);

} // namespace mica::sandbox
