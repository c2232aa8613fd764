#pragma once
/// @file
/// The calls that ask for and set a process' ids.
#include "sandbox/supervisor/dispatch.hh"
#include "sandbox/supervisor/process_table.hh"

namespace mica::sandbox {

/// The table must outlive the dispatch. credentials(7), setreuid(2), setresuid(2), setfsuid(2).
void fake_ids(Dispatch &dispatch, ProcessTable &processes);

} // namespace mica::sandbox
