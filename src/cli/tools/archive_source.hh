#pragma once
/// @file
/// Images in one file: what "docker save" writes, or an OCI layout as a tar.
#include "cli/tools/image_store.hh"
#include "cli/tools/place.hh"

namespace mica::cli {

/// Documents that stand in the archive are given as they are, so that digests stay. Old archives have
/// no manifest: one is made up, by Docker's media types, and with Layers::packed the layers that lie there as
/// plain tars are compressed first, into a temporary directory. The file is opened by the first call of
/// top(). `registry` outlives it.
[[nodiscard]] std::unique_ptr<ImageSource> archive_source(const ArchivePlace &place, Layers layers,
                                                          registry::Registry &registry);

} // namespace mica::cli
