#pragma once
/// @file
/// What each process of a command executes: the kernel would tell the dynamic loader's name.
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <sys/types.h>

namespace mica::sandbox {

/// May be used from any thread.
class ProgramTable {
public:
    /// `path`: as the command sees it.
    void set(pid_t process, std::string path);
    /// A new process executes what its parent does.
    void inherit(pid_t parent, pid_t child);
    void forget(pid_t process);
    [[nodiscard]] std::optional<std::string> find(pid_t process) const;

private:
    mutable std::mutex mutex_;
    std::map<pid_t, std::string> programs_;
};

} // namespace mica::sandbox
