#pragma once
/// @file
/// Root where there is none: owners, modes, devices and attributes are recorded instead of set,
/// ids are answered from a table of processes. The result is what real root would have made.
#include "sandbox/supervisor/dispatch.hh"
#include "sandbox/supervisor/fake_world.hh"

namespace mica::sandbox {

/// Registers all parts: execve(2) only where the kernel does it (else see become_program()), and
/// capabilities only where it does not. The world must outlive the dispatch; the supervisor's umask must be
/// 0.
void fake_root(Dispatch &dispatch, const FakeWorld &world);

} // namespace mica::sandbox
