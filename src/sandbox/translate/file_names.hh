#pragma once
/// @file
/// The calls that change or ask for names of files: unlink(2), rename(2), link(2), readlink(2), getcwd(2).
#include "sandbox/supervisor/dispatch.hh"
#include "sandbox/translate/file_world.hh"

namespace mica::sandbox {

/// The world must outlive the dispatch.
void translate_names(Dispatch &dispatch, const FileWorld &world);

} // namespace mica::sandbox
