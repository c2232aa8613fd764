#pragma once
/// @file
/// The shapes in which stat(2) has been answered over the years.
#include "sandbox/supervisor/abi.hh"
#include <cstddef>
#include <cstdint>
#include <sys/stat.h>
#include <vector>

namespace mica::sandbox {

/// native: struct stat of a 64-bit ABI. narrow: of a 32-bit one. narrow_wide: its stat64.
enum class StatForm : std::uint8_t { native, narrow, narrow_wide };

/// Throws CallFailed (EOVERFLOW) for what does not fit.
[[nodiscard]] std::vector<std::byte> stat_bytes(const struct statx &status, StatForm form, Abi abi);

} // namespace mica::sandbox
