#pragma once
/// @file
/// A workspace in which tests run commands and look at what changed.
#include "base/event.hh"
#include "layer/file_tree.hh"
#include "sandbox/sandbox.hh"
#include "support/temporary_directory.hh"
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace mica::test {

struct CommandResult {
    sandbox::ExitStatus status;
    std::string out, err;
};

/// Steps on a backend, with the file tree that belongs to them.
class Steps {
public:
    Steps(sandbox::Backend &backend, std::vector<sandbox::LayerSource> layers);

    /// Runs `sh -c script` (busybox's) with a plain environment.
    CommandResult sh(const std::string &script);
    CommandResult run(const sandbox::Command &command, const std::stop_token &stop = {});
    /// Ends the step; one line a change, e.g. "file etc/motd 644 0:0 5" or "remove etc/motd".
    std::vector<std::string> seal();
    /// The same, with the changes themselves in `changes`.
    std::vector<layer::Change> changes();
    void add_layer(const sandbox::LayerSource &layer);

    [[nodiscard]] static sandbox::Command shell(const std::string &script);
    [[nodiscard]] const layer::FileTree &tree() const { return tree_; }
    [[nodiscard]] sandbox::Workspace &workspace() { return *workspace_; }

private:
    void apply(const sandbox::LayerSource &layer);

    NullBus bus_;
    layer::FileTree tree_;
    std::uint32_t layers_ = 0;
    std::unique_ptr<sandbox::Workspace> workspace_;
};

[[nodiscard]] std::string describe_change(const layer::Change &change);

/// The bytes of a change.
[[nodiscard]] std::string bytes_of(const layer::Change &change);

} // namespace mica::test
