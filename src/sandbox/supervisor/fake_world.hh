#pragma once
/// @file
/// What the parts of the fake root share: files as they are said to be, who asks, and what the
/// kernel's rules would say to that.
#include "sandbox/supervisor/file_records.hh"
#include "sandbox/supervisor/paths.hh"
#include "sandbox/supervisor/process_table.hh"
#include <cstdint>
#include <optional>

namespace mica::sandbox {

/// Handlers are called from several threads; all of this may be.
class FakeWorld {
public:
    /// `kernel_finishes`: what needs no faking is left to the kernel; else the supervisor does all.
    FakeWorld(FileRecords &records, ProcessTable &processes, const Paths &paths, bool kernel_finishes)
        : records_{records}, processes_{processes}, paths_{paths}, kernel_finishes_{kernel_finishes}
    {
    }
    [[nodiscard]] FileRecords &records() const { return records_; }
    [[nodiscard]] ProcessTable &processes() const { return processes_; }
    [[nodiscard]] const Paths &paths() const { return paths_; }
    [[nodiscard]] bool kernel_finishes() const { return kernel_finishes_; }
    [[nodiscard]] Credentials caller(const SystemCall &call) const { return processes_.of(call.thread()); }

    /// An open file as it is said to be.
    [[nodiscard]] struct statx look(int file) const;
    /// Access as a bit set of R_OK, W_OK, X_OK, by owner, group and others. Root is let in.
    [[nodiscard]] static bool may(const Credentials &who, const struct statx &shown, unsigned wanted);
    /// EACCES unless names may be made and removed in the directory.
    void require_writable(const Credentials &who, int directory) const;
    /// EPERM unless the file is the caller's own, or the caller root.
    static void require_owner(const Credentials &who, const struct statx &shown);

private:
    FileRecords &records_;
    ProcessTable &processes_;
    const Paths &paths_;
    bool kernel_finishes_;
};

/// What a new file gets.
struct NewFile {
    std::uint32_t uid = 0, gid = 0;
    std::uint32_t mode = 0; ///< with what the directory adds and the umask takes
};
/// `mode`: with the type; the umask is off already.
[[nodiscard]] NewFile new_file(const Credentials &who, const struct statx &shown_parent, std::uint32_t mode);
/// The mode that lets us in ourselves.
[[nodiscard]] std::uint32_t mode_on_disk(std::uint32_t mode);

/// Makes an open file (O_PATH) on disk what it can be, and records the rest. `mode` is not for links.
void settle(const FakeWorld &world, int file, const NewFile &what);
/// Sets a mode. The file is open as O_PATH, and no link.
void set_mode(const FakeWorld &world, int file, std::uint32_t mode);
/// Gives the file a new ctime, by which changes are found, and takes setuid bits as chown does.
void touch(int file);

} // namespace mica::sandbox
