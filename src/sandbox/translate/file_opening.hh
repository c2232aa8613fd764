#pragma once
/// @file
/// open(2) and its family, of a command whose root is translated.
#include "sandbox/supervisor/dispatch.hh"
#include "sandbox/translate/file_world.hh"

namespace mica::sandbox {

/// To be registered after fake_root(), which makes new files. The world must outlive the dispatch.
void translate_opening(Dispatch &dispatch, const FileWorld &world);

} // namespace mica::sandbox
