#pragma once
/// @file
/// The calls that ask for or set what is known of a file beside stat(2): access(2), truncate(2),
/// utimensat(2), statfs(2); and those that are refused.
#include "sandbox/supervisor/dispatch.hh"
#include "sandbox/translate/file_world.hh"

namespace mica::sandbox {

/// The world must outlive the dispatch.
void translate_facts(Dispatch &dispatch, const FileWorld &world);

} // namespace mica::sandbox
