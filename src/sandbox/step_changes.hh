#pragma once
/// @file
/// What an overlay's upper directory says, as changes of a file tree.
#include "layer/change.hh"
#include "layer/file_tree.hh"
#include "sandbox/protocol.hh"
#include <functional>
#include <string>
#include <vector>

namespace mica::sandbox {

/// Gives the bytes of a regular file of the upper directory.
using OpenUpper = std::function<ContentPtr(const std::string &path)>;

[[nodiscard]] std::vector<layer::Change>
step_changes(std::vector<UpperEntry> entries, const layer::FileTree &before, const OpenUpper &content);

} // namespace mica::sandbox
