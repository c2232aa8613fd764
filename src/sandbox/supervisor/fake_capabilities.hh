#pragma once
/// @file
/// Capabilities of a root that has none: capget(2), capset(2), PR_CAPBSET_READ.
#include "sandbox/supervisor/dispatch.hh"
#include "sandbox/supervisor/process_table.hh"

namespace mica::sandbox {

/// Who is root has Docker's capabilities, others have none; giving some up succeeds and is not remembered.
/// The table must outlive the dispatch.
void fake_capabilities(Dispatch &dispatch, ProcessTable &processes);

} // namespace mica::sandbox
