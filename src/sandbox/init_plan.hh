#pragma once
/// @file
/// What the agent hands to a command's first process, by fork.
#include "io/fd.hh"
#include "sandbox/mount_points.hh"
#include "sandbox/protocol.hh"
#include "sandbox/supervisor/file_records.hh"
#include <filesystem>
#include <linux/filter.h>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mica::sandbox {

/// A detached mount and where it belongs.
struct PreparedMount {
    Fd mount;
    std::string target;
    MountPoints::Kind kind{};
};

class SecretFiles;

/// For Confinement::translation.
struct Translation {
    std::filesystem::path place; ///< the command's own directory; has "lists" and "aliases", both empty
    const SecretFiles *secrets = nullptr;
};

struct InitPlan {
    RunRequest request;
    std::string root; ///< path of the mounted root file system
    Confinement confinement{};
    bool user_namespace = false;
    bool private_proc = true;
    std::vector<PreparedMount> mounts;  ///< in order, after the system's own
    std::vector<PreparedMount> devices; ///< for a namespace that cannot make device nodes
    Fd standard_output, standard_error;
    Fd report;      ///< write end
    Fd supervision; ///< the socket that the supervisor waits at (supervisor.hh), if there is one
    std::vector<sock_filter> filter; ///< for it
    /// With a fake root: what is known of files, and where (an empty memory file) the command's
    /// changes to that are left for the agent.
    FileRecords *records = nullptr;
    Fd records_changed;
    std::optional<Translation> translation;
};

/// What comes back through `report`: the first one written counts.
struct InitReport {
    bool failed = false; ///< the sandbox could not be made: `error`
    bool by_signal = false;
    std::int32_t value = 0;
    std::string error; ///< of encode_error()
};

template <class A> void describe(A &a, InitReport &r)
{
    a(r.failed, r.by_signal, r.value, r.error);
}

} // namespace mica::sandbox
