#pragma once
/// @file
/// Extended attributes that only root may set: file capabilities, and access lists that name
/// ids which a user namespace does not have.
#include "sandbox/supervisor/dispatch.hh"
#include "sandbox/supervisor/fake_world.hh"

namespace mica::sandbox {

/// The world must outlive the dispatch.
void fake_attributes(Dispatch &dispatch, const FakeWorld &world);

} // namespace mica::sandbox
