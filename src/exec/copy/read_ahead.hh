#pragma once
/// @file
/// A source whose directories are read before a copy asks for them.
#include "exec/copy/source_view.hh"
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace mica::exec {

/// Shows what `view` shows, which must outlive it. A thread of its own walks `directories`, in this order,
/// each from the top down with the names in a directory sorted: as Copier does. Whoever asks in that order
/// gets what is there already; any other question goes to `view`. What fails while reading ahead fails again,
/// and is thrown, when it is asked for. The thread is gone when this is.
[[nodiscard]] std::unique_ptr<SourceView>
read_ahead(const SourceView &view, std::vector<std::string> directories, const std::stop_token &stop);

} // namespace mica::exec
