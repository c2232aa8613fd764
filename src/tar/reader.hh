#pragma once
/// @file
/// Tar archives of outside origin, read by libarchive with bounds and cleaned names.
#include "io/stream.hh"
#include "tar/entry.hh"
#include <functional>
#include <memory>
#include <stop_token>

namespace mica::tar {

/// One pass over an uncompressed tar (ustar, pax, GNU, v7). Entry::path keeps the form
/// of entry.hh; a name that leaves the root ("..") is an Error (integrity), as is a
/// broken archive. `body` is valid during the call, null unless regular with bytes.
using EntryVisitor = std::function<void(const Entry &entry, Source *body)>;
void read_archive(std::unique_ptr<Source> tar, const EntryVisitor &visitor, const std::stop_token &stop);

} // namespace mica::tar
