#pragma once
/// @file
/// Changes as the bytes of a tar, made while they are read.
#include "io/stream.hh"
#include "layer/change.hh"
#include <memory>
#include <stop_token>
#include <vector>

namespace mica::exec {

/// A thread of its own reads the contents; it ends with the source at the latest. What it
/// fails with is thrown by read(). The contents must outlive the source.
[[nodiscard]] std::unique_ptr<Source> tar_stream(std::vector<layer::Change> changes,
                                                 const std::stop_token &stop);

} // namespace mica::exec
