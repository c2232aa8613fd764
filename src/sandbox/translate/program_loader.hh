#pragma once
/// @file
/// Makes of a new process image what the kernel would have made of it in the command's root directory.
#include "sandbox/translate/handed_files.hh"
#include "sandbox/translate/launch.hh"
#include <sys/types.h>
#include <vector>

namespace mica::sandbox {

/// The thread has executed `launch.executed`, and is stopped at the end of execve(2). The essay is in the
/// source file. Returns signals that came meanwhile, to be sent again. Throws ThreadEnded, and CallFailed
/// if it cannot be done: the process must be killed.
[[nodiscard]] std::vector<int> finish_launch(pid_t thread, Launch launch, HandedFiles &files);

} // namespace mica::sandbox
