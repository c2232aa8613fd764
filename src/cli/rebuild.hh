#pragma once
/// @file
/// How an image is built again: from its provenance, and from what the user says.
#include "cli/build_options.hh"
#include "verify/image_source.hh"
#include "verify/provenance.hh"
#include <filesystem>
#include <optional>
#include <stop_token>

namespace mica::cli {

/// The provenance that is attached to the image; nullopt: there is none. Throws Error (unsupported) if it is
/// of another builder.
[[nodiscard]] std::optional<verify::Provenance> find_provenance(const verify::OpenedImage &image,
                                                                const verify::Variant &variant,
                                                                const std::stop_token &stop);

/// Options of a build that should give `variant` again, as an OCI layout in `directory`/image. Without a
/// context, given or recorded, an empty one is made there. `given` wins over what is recorded. Throws Error
/// (usage) if something is missing.
[[nodiscard]] BuildOptions rebuild_options(const BuildOptions &given, const verify::Variant &variant,
                                           const std::optional<verify::Provenance> &provenance,
                                           const std::filesystem::path &directory);

} // namespace mica::cli
