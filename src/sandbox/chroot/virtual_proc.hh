#pragma once
/// @file
/// A /proc for commands in a chroot that has none.
#include "sandbox/chroot/path_call.hh"
#include "sandbox/chroot/proc_path.hh"
#include "sandbox/chroot/supervised_tree.hh"
#include "sandbox/supervisor/dispatch.hh"
#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <sys/stat.h>

namespace mica::sandbox {

/// Answers what opens, asks about or reads links below /proc, from the supervisor's own /proc; the
/// essay is in the source file. Must outlive the supervision.
class VirtualProc {
public:
    /// `place`: a directory of its own, inside the root (from elsewhere ".." would lead out of it), for
    /// lists of processes. The caller removes it.
    /// `real_directories`: a directory of the true /proc may be handed out, because Landlock keeps
    /// what is reached through it closed.
    VirtualProc(const SupervisedTree &tree, std::filesystem::path place, bool real_directories);
    ~VirtualProc();
    VirtualProc(const VirtualProc &) = delete;
    VirtualProc &operator=(const VirtualProc &) = delete;

    void attach(Dispatch &dispatch);

    /// What a call's path means in /proc, and who calls.
    struct Target {
        ProcPath path;
        os::ThreadFacts caller;
        std::string host; ///< the path in the supervisor's /proc
    };
    /// These are what attach() does for calls, for who finds the paths in a way of its own. All throw
    /// CallFailed; target() for what the caller must not see.
    [[nodiscard]] Target target(const SystemCall &call, ProcPath path) const;
    [[nodiscard]] Fd open(const Target &target, int flags);
    [[nodiscard]] struct statx status(const Target &target, bool follow) const;
    void check_access(const Target &target, int mode) const;
    [[nodiscard]] std::string link(const SystemCall &call, const Target &target) const;

private:
    [[nodiscard]] std::optional<Target> find(const SystemCall &call, const PathArguments &arguments) const;
    [[nodiscard]] std::string host_path(const SystemCall &call, const ProcPath &path,
                                        const os::ThreadFacts &caller) const;
    [[nodiscard]] Fd reopen(const std::string &link, int flags) const;
    void refuse_outside(int found) const;
    [[nodiscard]] Fd open_target(const Target &target, int flags);
    [[nodiscard]] Fd open_listing();
    [[nodiscard]] Reply answer_open(const SystemCall &call, const PathArguments &arguments,
                                    std::uint64_t flags);
    [[nodiscard]] Reply answer_status(const SystemCall &call, const PathArguments &arguments, bool follow,
                                      const std::function<void(const struct statx &)> &store) const;
    [[nodiscard]] Reply answer_link(const SystemCall &call, const PathArguments &arguments,
                                    unsigned buffer) const;
    [[nodiscard]] Reply answer_access(const SystemCall &call, const PathArguments &arguments, int mode) const;

    void attach_opening(Dispatch &dispatch);
    void attach_status(Dispatch &dispatch);
    void attach_links(Dispatch &dispatch);

    const SupervisedTree &tree_;
    std::filesystem::path place_;
    bool real_directories_;
    std::atomic<unsigned> listings_ = 0;
};

} // namespace mica::sandbox
