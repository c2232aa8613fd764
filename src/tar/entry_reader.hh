#pragma once
/// @file
/// libarchive's idea of an entry as ours. Used by reader.cc alone.
#include "tar/entry.hh"

struct archive_entry;

namespace mica::tar {

/// Throws Error (integrity) for a name that leaves the root, numbers out of range,
/// a link to nowhere; Error (unsupported) for a type that no layer can have.
[[nodiscard]] Entry to_entry(archive_entry *raw);

} // namespace mica::tar
