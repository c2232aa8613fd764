#pragma once
/// @file
/// Owner and mode of a file that is made for a command: set, or recorded where they cannot be.
#include "sandbox/supervisor/file_records.hh"
#include <cstdint>
#include <filesystem>

namespace mica::sandbox {

struct OwnerAndMode {
    std::uint32_t uid = 0, gid = 0;
    std::uint32_t mode = 0; ///< permissions
};

/// Of a file that is no link. With `records` (of a fake root; may be null) it stays ours on disk, and
/// can be read and written by us. Throws Error.
void set_owner(const std::filesystem::path &path, const OwnerAndMode &wanted, FileRecords *records);

} // namespace mica::sandbox
