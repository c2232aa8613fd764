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
/// broken archive. `body` is valid during the call, null unless regular with bytes;
/// it need not be read. Times past what Time can say are the nearest it can. What
/// follows the archive's end is read to the end of `tar`, so that a source which
/// checks its digest there does.
using EntryVisitor = std::function<void(const Entry &entry, Source *body)>;
void read_archive(std::unique_ptr<Source> tar, const EntryVisitor &visitor, const std::stop_token &stop);

} // namespace mica::tar
