#pragma once
/// @file
/// How a supervisor reaches the files that a supervised process names.
#include "io/fd.hh"
#include "sandbox/supervisor/system_call.hh"
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <utility>

namespace mica::sandbox {

/// As the *at() calls name a file.
struct FileName {
    int directory = AT_FDCWD;
    std::string path;
    bool follow = true;
    bool may_be_empty = false; ///< then the empty path is the descriptor itself
};

/// A name in an open directory (O_PATH), which is not followed.
struct NamePlace {
    Fd directory;
    std::string name;
};

/// May be used from any thread. All throw CallFailed with what the kernel would have said.
class Paths {
public:
    virtual ~Paths() = default;
    /// The file itself, as O_PATH.
    [[nodiscard]] virtual Fd find(const SystemCall &call, const FileName &name) const = 0;
    /// Where the last component of the path is, or would be made.
    [[nodiscard]] virtual NamePlace place(const SystemCall &call, const FileName &name) const = 0;
    /// With record_mask, from disk.
    [[nodiscard]] virtual struct statx status(const SystemCall &call, const FileName &name) const = 0;
};

/// Of an open file, with record_mask.
[[nodiscard]] struct statx status_of_file(int file);
/// "/proc/self/fd/N": for calls that take no O_PATH descriptor.
[[nodiscard]] std::string own_link(int file);

/// Splits off the last component; trailing slashes are no part of it. ENOENT for "", EEXIST for
/// "/" and for "." and ".." at the end, where there is always something already.
struct SplitName {
    std::string parent; ///< to be looked up as it is; "." if there is none
    std::string name;
    bool slash = false; ///< something came after the name: it must be a directory
};
[[nodiscard]] SplitName split_name(const std::string &path);

} // namespace mica::sandbox
