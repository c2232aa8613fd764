#pragma once
/// @file
/// Looking up single paths, for whoever needs no whole tree.
#include "layer/file_tree.hh"
#include <functional>
#include <string>
#include <string_view>

namespace mica::layer {

/// The inode at exactly this path, as FileTree::find() has it.
using PathLookup = std::function<FileTree::InodePtr(std::string_view path)>;

/// Of a tree, which must outlive the lookup.
[[nodiscard]] PathLookup lookup_in(const FileTree &tree);

/// As FileTree::resolve(), in whatever `find` knows.
[[nodiscard]] std::string resolve_path(const PathLookup &find, std::string_view path, bool follow_last);

} // namespace mica::layer
