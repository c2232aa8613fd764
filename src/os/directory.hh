#pragma once
/// @file
/// Directories by descriptor: listing, and removing whole trees.
#include "io/fd.hh"
#include <string>
#include <sys/types.h>
#include <vector>

namespace mica::os {

/// Names in an open directory, sorted bytewise, without "." and "..". The descriptor's
/// position is reset first, so that it may be listed again.
[[nodiscard]] std::vector<std::string> list_directory(int directory);

struct DirectoryEntry {
    std::string name;
    mode_t type = 0; ///< the bits of S_IFMT
};
/// The same with what kind of file each is; where the file system does not tell while listing, each is looked
/// at, and what has vanished since is left out.
[[nodiscard]] std::vector<DirectoryEntry> list_entries(int directory);

/// Removes `name` in an open directory and everything below it; follows no link and
/// crosses no mount. A name that is not there is fine. Throws Error on the first failure.
void remove_tree(int directory, const std::string &name);

/// mkdir that is content when the directory is there already; returns it opened.
[[nodiscard]] Fd make_directory(int parent, const std::string &name, unsigned mode);

} // namespace mica::os
