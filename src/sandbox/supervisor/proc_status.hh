#pragma once
/// @file
/// What /proc says about a process. All throw CallFailed (ESRCH) when it is gone.
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace mica::sandbox {

struct ProcStatus {
    pid_t process = 0; ///< the thread group
    pid_t parent = 0;
    mode_t umask = 022;
};

[[nodiscard]] ProcStatus proc_status(pid_t thread);
/// Of every thread of a process.
[[nodiscard]] std::vector<pid_t> children_of(pid_t process);
/// The text of a link, "/proc/THREAD/NAME".
[[nodiscard]] std::string proc_link(pid_t thread, std::string_view name);

} // namespace mica::sandbox
