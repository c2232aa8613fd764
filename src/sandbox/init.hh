#pragma once
/// @file
/// The first process of a command's namespaces.
#include "sandbox/init_plan.hh"

namespace mica::sandbox {

/// Sets up the root file system, runs the command in a child, waits, reports. Never returns.
[[noreturn]] void run_init(InitPlan &plan) noexcept;

} // namespace mica::sandbox
