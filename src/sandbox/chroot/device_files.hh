#pragma once
/// @file
/// The /dev of a command in a chroot.
#include "sandbox/chroot/path_call.hh"
#include "sandbox/chroot/supervised_tree.hh"
#include "sandbox/supervisor/dispatch.hh"
#include "sandbox/supervisor/file_records.hh"
#include <filesystem>
#include <set>
#include <string>

namespace mica::sandbox {

/// Makes the directory (with device nodes where this process may make some, else with files that the
/// supervisor opens the machine's devices for). Must outlive the supervision.
class DeviceFiles {
public:
    /// `directory`: will be made; to be shown as /dev. `records`: of a fake root, for which devices are a
    /// matter of records alone; may be null.
    DeviceFiles(const SupervisedTree &tree, const std::filesystem::path &directory, FileRecords *records);
    void attach(Dispatch &dispatch);

private:
    [[nodiscard]] Reply open(const SystemCall &call, const PathArguments &arguments,
                             std::uint64_t flags) const;

    const SupervisedTree &tree_;
    std::set<std::string> opened_here_; ///< absolute paths
};

/// The path of a device that every container has; null for others.
[[nodiscard]] const char *machine_device(unsigned major, unsigned minor);

} // namespace mica::sandbox
