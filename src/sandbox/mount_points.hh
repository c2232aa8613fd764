#pragma once
/// @file
/// Places to mount on, made where they are missing and taken away without a trace.
#include "io/fd.hh"
#include <ctime>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace mica::sandbox {

/// Remembers what it made. remove() takes away what is still empty, and gives the parent
/// directories the modification times they had, unless something else changed them.
class MountPoints {
public:
    enum class Kind { directory, file };

    /// Makes sure that `path` exists, as a process with its root at `root` (an open
    /// directory) sees it: links, dangling ones too, are followed and stay inside.
    /// Missing directories are 0755. Throws Error.
    void ensure(int root, std::string_view path, Kind kind);
    void remove() noexcept;

private:
    struct Made {
        Fd parent;
        std::string name;
        Kind kind;
        ino_t inode;
        timespec before, after; ///< the parent's time around our change
    };
    void make(int root, std::string_view directory, const std::string &name, Kind kind);

    std::vector<Made> made_;
};

} // namespace mica::sandbox
