#pragma once
/// @file
/// Sources of ADD that are not files of the build context.
#include <string_view>

namespace mica::plan {

enum class SourceKind { local, http, git };

/// By the text alone: "git@host:path", "ssh://", "git://" and "http(s)://….git" are git;
/// other "http(s)://" are downloads; all else is a path. Throws Error (dockerfile) for a
/// git address whose query cannot be.
[[nodiscard]] SourceKind source_kind(std::string_view source);

} // namespace mica::plan
