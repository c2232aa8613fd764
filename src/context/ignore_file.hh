#pragma once
/// @file
/// Which ignore file a build uses.
#include "context/context.hh"
#include "context/ignore.hh"
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mica::context {

struct IgnoreFile {
    std::string name; ///< as messages call it; ".dockerignore" if there is none
    std::vector<std::string> patterns;
};

/// `<dockerfile>.dockerignore` beside the Dockerfile wins over `.dockerignore` in the
/// root of the context; with neither there are no patterns. `dockerfile` is nullopt
/// where there is no Dockerfile on disk (stdin) or the context is a named one. Throws
/// Error (usage) naming file and line for a pattern that cannot be, (io) and (denied).
[[nodiscard]] IgnoreFile find_ignore_file(const std::filesystem::path &context_root,
                                          const std::optional<std::filesystem::path> &dockerfile);

/// The same for a tree that is no directory of the host; both are paths in it.
[[nodiscard]] IgnoreFile find_ignore_file(const Context &files, const std::optional<std::string> &dockerfile);

/// The text of a file of a tree, links followed; nullopt: there is none. Throws Error (integrity) past
/// `limit` bytes.
[[nodiscard]] std::optional<std::string> read_text(const Context &files, std::string_view path,
                                                   std::uint64_t limit);

} // namespace mica::context
