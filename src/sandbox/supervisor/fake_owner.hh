#pragma once
/// @file
/// The chown(2) and chmod(2) families.
#include "sandbox/supervisor/dispatch.hh"
#include "sandbox/supervisor/fake_world.hh"

namespace mica::sandbox {

/// The world must outlive the dispatch.
void fake_owner(Dispatch &dispatch, const FakeWorld &world);

} // namespace mica::sandbox
