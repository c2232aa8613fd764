#pragma once
/// @file
/// What execve(2) does to ids: programs with the setuid or setgid bit.
#include "sandbox/supervisor/dispatch.hh"
#include "sandbox/supervisor/fake_world.hh"

namespace mica::sandbox {

/// The world must outlive the dispatch. The call itself is the kernel's.
void fake_program(Dispatch &dispatch, const FakeWorld &world);

/// The process is going to be this program (open as O_PATH): changes its credentials.
void become_program(const FakeWorld &world, pid_t thread, int program);

} // namespace mica::sandbox
