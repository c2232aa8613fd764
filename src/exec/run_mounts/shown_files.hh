#pragma once
/// @file
/// A file or directory of some tree, with all that is below it, as the entries of a tar.
#include "exec/copy/source_view.hh"
#include "layer/change.hh"
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace mica::exec {

/// Where `source` (any form) ends inside the view, links followed. Throws Error
/// (not_found), which says so if it is an ignore file that hides it.
[[nodiscard]] std::string find_source(const SourceView &view, std::string_view source);

/// What is at `path` (which exists), called `name` and below; sorted, hard links as such.
/// The view must outlive the contents.
[[nodiscard]] std::vector<layer::Change> shown_files(const SourceView &view, const std::string &path,
                                                     const std::string &name, const std::stop_token &stop);

} // namespace mica::exec
