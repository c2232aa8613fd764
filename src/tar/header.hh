#pragma once
/// @file
/// The 512-byte header of an archive member (POSIX.1-1988 ustar), as bytes.
#include "tar/pax.hh"
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mica::tar {

inline constexpr std::size_t block_size = 512;
using HeaderBlock = std::array<char, block_size>;

/// What a header says, before it is known whether ustar can say it.
struct HeaderFields {
    std::string name; ///< with a trailing slash for a directory
    char type = '0';
    std::uint32_t mode = 0, uid = 0, gid = 0;
    std::uint64_t size = 0;
    std::int64_t mtime = 0; ///< whole seconds
    std::string link_name;
    std::uint32_t device_major = 0, device_minor = 0;
};

/// Packs the fields. What ustar has no room for (long or non-ASCII names, large
/// or negative numbers) goes to `records`; the header then holds a shortened
/// name or a zero, as readers without PAX expect something there.
[[nodiscard]] HeaderBlock encode_header(const HeaderFields &fields, PaxRecords &records);

/// The header in front of `body_size` bytes of PAX records for the member `name`.
[[nodiscard]] HeaderBlock encode_pax_header(std::string_view name, std::size_t body_size);

} // namespace mica::tar
