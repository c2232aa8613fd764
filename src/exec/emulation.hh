#pragma once
/// @file
/// Whether this machine can run programs of another architecture.
#include "oci/model.hh"

namespace mica::exec {

/// Returns if programs of `platform` run here: natively, or by an interpreter
/// registered with the kernel's binfmt_misc. Else throws Error (unsupported) that
/// says what to do.
void check_can_execute(const oci::Platform &platform);

} // namespace mica::exec
