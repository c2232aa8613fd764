#pragma once
/// @file
/// ADD of an archive.
#include "exec/copy/copier.hh"
#include "io/spool.hh"
#include <stop_token>

namespace mica::exec {

/// Merges the members into the directory that the rules' destination names, which is
/// created if it is missing. A member replaces what is at its path, a directory over a
/// directory takes the member's metadata. Owners are the archive's unless --chown says
/// otherwise; --chmod does not apply. Throws Error (integrity) for a broken archive, a
/// name with "..", a hard link to something that the step did not make.
///
/// Containment: links that members go through, those of the image and those that the
/// archive itself brings, are resolved as if the destination were the root directory.
/// An archive can write below its destination and nowhere else, whatever it says.
void unpack_archive(const Content &archive, const CopyRules &rules, Destination &destination, Spool &spool,
                    const std::stop_token &stop);

} // namespace mica::exec
