#pragma once
/// @file
/// The members of an archive in memory: tar, zip, ar or cpio, compressed or not.
#include "base/digest.hh"
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mica::verify {

struct ArchiveMember {
    std::string name, link;
    std::uint32_t mode = 0;
    std::int64_t uid = 0, gid = 0, mtime = 0;
    std::uint64_t size = 0;
    Digest content;
    std::string text; ///< the bytes of a small text file; else empty
};

/// In the order of the archive. nullopt: it is no archive, it is broken, has more than 100,000 members or
/// unpacks to more than `most_bytes`. Reads only the formats above; nothing is run, written or followed.
[[nodiscard]] std::optional<std::vector<ArchiveMember>> read_members(std::string_view bytes,
                                                                     std::uint64_t most_bytes);

} // namespace mica::verify
