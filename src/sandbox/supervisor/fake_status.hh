#pragma once
/// @file
/// The stat(2) family, with what is on record.
#include "sandbox/supervisor/dispatch.hh"
#include "sandbox/supervisor/fake_world.hh"

namespace mica::sandbox {

/// The world must outlive the dispatch.
void fake_status(Dispatch &dispatch, const FakeWorld &world);

} // namespace mica::sandbox
