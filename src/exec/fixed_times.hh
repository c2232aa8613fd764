#pragma once
/// @file
/// A context whose files all have one time.
#include "base/clock.hh"
#include "context/context.hh"
#include <memory>

namespace mica::exec {

/// The same files with the modification time `time`. A checkout gives files the time at which it was
/// made, and no version control keeps another: in a reproducible build that time must not matter, whether
/// it is before or after SOURCE_DATE_EPOCH.
[[nodiscard]] std::shared_ptr<const context::Context>
with_fixed_times(std::shared_ptr<const context::Context> context, Time time);

} // namespace mica::exec
