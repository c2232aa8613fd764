#pragma once
/// @file
/// Files that are never on a disk, for commands that cannot be shown a mount: what lies at their place is
/// empty, and whoever opens it is handed the bytes.
#include "io/fd.hh"
#include "sandbox/chroot/path_call.hh"
#include "sandbox/chroot/supervised_tree.hh"
#include "sandbox/protocol.hh"
#include "sandbox/stand_ins.hh"
#include "sandbox/supervisor/dispatch.hh"
#include "sandbox/supervisor/file_records.hh"
#include <filesystem>
#include <functional>
#include <optional>
#include <sys/stat.h>
#include <sys/types.h>
#include <vector>

namespace mica::sandbox {

/// Of one command. Must outlive the supervision.
class SecretFiles {
public:
    /// `records`: of a fake root; may be null.
    SecretFiles(const SupervisedTree &tree, FileRecords *records) : tree_{tree}, records_{records} {}

    /// `placeholder`: a name for an empty file on the root's file system, with the secret's owner and
    /// mode. The kernel lets nobody execute a secret who is shown it so.
    void add(const MountRequest &request, const std::filesystem::path &placeholder, StandIns &stand_ins);
    [[nodiscard]] bool empty() const { return secrets_.empty(); }
    /// Nothing if there are none: opening files then costs nothing more.
    void attach(Dispatch &dispatch);

    /// For who finds files in a way of its own: the secret whose placeholder has this status, opened for
    /// reading; no value if it is another file. Throws CallFailed (EROFS) for other flags.
    [[nodiscard]] std::optional<Fd> open(const struct statx &placeholder, int flags) const;
    /// Gives the status the secret's size, if it is a placeholder's.
    void show(struct statx &status) const;

private:
    struct Secret {
        dev_t device;
        ino_t inode;
        Fd memory;
        off_t size;
    };
    /// The secret that the call's path leads to, by whatever links, and its placeholder.
    struct Found {
        const Secret &secret;
        Fd placeholder;
    };
    [[nodiscard]] std::optional<Found> find(const SystemCall &call, const PathArguments &arguments) const;
    [[nodiscard]] const Secret *secret_at(const struct statx &placeholder) const;
    [[nodiscard]] static Fd open_secret(const Secret &secret, int flags);
    [[nodiscard]] Reply answer_open(const SystemCall &call, const PathArguments &arguments,
                                    std::uint64_t flags) const;
    [[nodiscard]] Reply status(const SystemCall &call, const PathArguments &arguments,
                               const std::function<void(const struct statx &)> &store) const;
    void attach_status(Dispatch &dispatch);

    const SupervisedTree &tree_;
    FileRecords *records_;
    Fd root_;
    std::vector<Secret> secrets_;
};

} // namespace mica::sandbox
