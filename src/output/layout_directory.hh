#pragma once
/// @file
/// Images as an OCI layout on disk.
#include "base/event.hh"
#include "oci/reference.hh"
#include "output/encoded_images.hh"
#include <filesystem>
#include <span>
#include <stop_token>

namespace mica::output {

/// A new layout appears when it is complete. One that is there gets the images' blobs and then,
/// in one step a name, their entries; other directories with something in them are refused.
void write_layout_directory(const EncodedImages &images, std::span<const oci::Reference> names,
                            const std::filesystem::path &destination, Task &task,
                            const std::stop_token &stop);

} // namespace mica::output
