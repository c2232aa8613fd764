#pragma once
/// @file
/// The calls that make files: open(2) with O_CREAT, mkdir(2), mknod(2), symlink(2).
#include "sandbox/supervisor/dispatch.hh"
#include "sandbox/supervisor/fake_world.hh"

namespace mica::sandbox {

/// The world must outlive the dispatch. Where the kernel finishes, open(2) is left to it unless a
/// new file needs a record. Otherwise what opens files must be registered after this: it gets
/// every open that makes no file.
void fake_creation(Dispatch &dispatch, const FakeWorld &world);

} // namespace mica::sandbox
