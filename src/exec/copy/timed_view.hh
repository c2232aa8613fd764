#pragma once
/// @file
/// Files whose times are all one.
#include "exec/copy/source_view.hh"
#include <memory>

namespace mica::exec {

/// `files`, each with the modification time `mtime`.
[[nodiscard]] std::unique_ptr<SourceView> with_times(std::unique_ptr<SourceView> files, Time mtime);

} // namespace mica::exec
