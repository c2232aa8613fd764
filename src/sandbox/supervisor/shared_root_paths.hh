#pragma once
/// @file
/// Paths for a supervisor that has the same root directory as its command.
#include "sandbox/supervisor/paths.hh"
#include <atomic>
#include <string>

namespace mica::sandbox {

/// Absolute paths mean the same on both sides but for what is the process' own (/proc/self,
/// /dev/fd); relative ones start at links in /proc. A process that may have another root, by
/// chroot(2), is looked at through /proc/THREAD/root.
class SharedRootPaths final : public Paths {
public:
    [[nodiscard]] Fd find(const SystemCall &call, const FileName &name) const override;
    [[nodiscard]] NamePlace place(const SystemCall &call, const FileName &name) const override;
    [[nodiscard]] struct statx status(const SystemCall &call, const FileName &name) const override;

    /// From now on roots may differ.
    void root_changes() { other_roots_ = true; }

private:
    [[nodiscard]] std::string translate(const SystemCall &call, const FileName &name) const;

    std::atomic<bool> other_roots_ = false;
};

} // namespace mica::sandbox
