#pragma once
/// @file
/// Root file systems of images as a tar or a directory.
#include "base/event.hh"
#include "io/stream.hh"
#include "oci/image.hh"
#include <filesystem>
#include <span>
#include <stop_token>

namespace mica::output {

/// Does not finish `out`. `split`: each in a directory named by its platform.
void write_root_tar(std::span<const oci::Image> images, bool split, Sink &out, Task &task,
                    const std::stop_token &stop);

/// Written unseen, then moved into place, over what is there.
void write_root_directory(std::span<const oci::Image> images, bool split,
                          const std::filesystem::path &destination, EventBus &bus, Task &task,
                          const std::stop_token &stop);

} // namespace mica::output
