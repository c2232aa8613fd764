#pragma once
/// @file
/// The files of an image as one file system.
#include "base/event.hh"
#include "oci/image.hh"
#include "output/progress_source.hh"
#include "tar/entry.hh"
#include <functional>
#include <stop_token>
#include <string>

namespace mica::output {

/// `body` gives entry.size bytes, valid during the call; null for all but regular files with bytes.
using FileVisitor = std::function<void(const tar::Entry &entry, Source *body)>;

/// Every file of the image's merged root file system, the root ("") among them, below `prefix` ("" or a
/// path). A directory comes before what is in it, a hard link after its target; otherwise the order is
/// that in which bytes can be had. No contents are kept: each layer is streamed once for its names, and
/// once more if it has bytes that are wanted. Throws what the visitor throws, and Error; Cancelled.
void visit_root_files(const oci::Image &image, const std::string &prefix, const FileVisitor &visitor,
                      Task &task, const std::stop_token &stop);

} // namespace mica::output
