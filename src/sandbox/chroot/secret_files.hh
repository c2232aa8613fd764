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
    explicit SecretFiles(const SupervisedTree &tree) : tree_{tree} {}

    /// `placeholder`: a name for an empty file on the root's file system, with the secret's owner and
    /// mode. The kernel lets nobody execute a secret who is shown it so.
    void add(const MountRequest &request, const std::filesystem::path &placeholder, StandIns &stand_ins);
    [[nodiscard]] bool empty() const { return secrets_.empty(); }
    /// Nothing if there are none: opening files then costs nothing more.
    void attach(Dispatch &dispatch);

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
    [[nodiscard]] Reply open(const SystemCall &call, const PathArguments &arguments,
                             std::uint64_t flags) const;
    [[nodiscard]] Reply status(const SystemCall &call, const PathArguments &arguments,
                               const std::function<void(const struct statx &)> &store) const;
    void attach_status(Dispatch &dispatch);

    const SupervisedTree &tree_;
    Fd root_;
    std::vector<Secret> secrets_;
};

} // namespace mica::sandbox
