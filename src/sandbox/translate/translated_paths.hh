#pragma once
/// @file
/// Paths of a command whose root directory is one only in the supervisor's words.
#include "sandbox/chroot/secret_files.hh"
#include "sandbox/chroot/supervised_tree.hh"
#include "sandbox/chroot/virtual_proc.hh"
#include "sandbox/supervisor/paths.hh"
#include "sandbox/translate/program_table.hh"
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace mica::sandbox {

/// The kernel resolves them below the open root directory (openat2(2), RESOLVE_IN_ROOT); /proc is
/// VirtualProc's matter. The essay is in the source file.
class TranslatedPaths final : public Paths {
public:
    /// `lists`: VirtualProc's directory, outside of the root. All must outlive this.
    TranslatedPaths(const SupervisedTree &tree, VirtualProc &proc, const ProgramTable &programs,
                    const SecretFiles &secrets, std::filesystem::path lists);

    [[nodiscard]] Fd find(const SystemCall &call, const FileName &name) const override;
    [[nodiscard]] NamePlace place(const SystemCall &call, const FileName &name) const override;
    [[nodiscard]] struct statx status(const SystemCall &call, const FileName &name) const override;

    /// A file of the root (as O_PATH), or one of /proc.
    struct Found {
        Fd file;
        std::optional<VirtualProc::Target> proc;
    };
    [[nodiscard]] Found locate(const SystemCall &call, const FileName &name) const;
    /// What a process that /proc tells of executes, as the command sees it.
    [[nodiscard]] std::optional<std::string> program_of(const VirtualProc::Target &target) const;
    [[nodiscard]] VirtualProc &proc() const { return proc_; }

    /// The path of an open file as the command sees it.
    [[nodiscard]] std::string seen(int file) const;
    /// The path of an open file on the machine.
    [[nodiscard]] std::string host_path(int file) const;
    /// What the kernel can be given in place of the command's path. A file without a place in the root is
    /// reached through the descriptor by which it was named.
    [[nodiscard]] std::string path_for_kernel(const SystemCall &call, const FileName &name) const;
    [[nodiscard]] const SupervisedTree &tree() const { return tree_; }
    /// Opens a path below the root; empty and errno if it cannot be.
    [[nodiscard]] Fd open_in_root(const std::string &path, int flags, unsigned mode = 0) const;

private:
    [[nodiscard]] Fd descriptor(const SystemCall &call, int number) const;
    [[nodiscard]] Found absolute(const SystemCall &call, const std::string &path, bool follow) const;
    [[nodiscard]] Found of_proc(const SystemCall &call, ProcPath path, bool follow) const;
    [[nodiscard]] std::optional<ProcPath> through_links(const std::string &path, bool follow) const;
    [[nodiscard]] Fd open_proc(const VirtualProc::Target &target, bool follow) const;
    [[nodiscard]] bool is_plainly_missing(const std::string &path) const;
    [[nodiscard]] std::optional<std::string> link_in_root(const std::string &directory,
                                                          const std::string &name) const;
    [[nodiscard]] std::string from_outside(const std::string &directory, const std::string &path) const;

    const SupervisedTree &tree_;
    VirtualProc &proc_;
    const ProgramTable &programs_;
    const SecretFiles &secrets_;
    std::string lists_;
    Fd root_;
};

} // namespace mica::sandbox
