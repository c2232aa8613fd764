#pragma once
/// @file
/// What a RUN sees beside its root file system: --mount, and scripts of heredocs.
#include "cache/key.hh"
#include "exec/run_mounts/agent_forwarder.hh"
#include "exec/run_mounts/bind_mount.hh"
#include "exec/step_context.hh"
#include "plan/plan.hh"
#include "sandbox/sandbox.hh"
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace mica::exec {

/// The mounts of one command, ready for the sandbox; alive while it runs.
struct OpenedMounts {
    std::vector<sandbox::Mount> mounts;           ///< outer targets before what lies in them
    std::map<std::string, std::string> variables; ///< of secrets: they win over the environment
    std::string agent_socket;                     ///< for SSH_AUTH_SOCK; empty: none
    std::vector<std::unique_ptr<AgentForwarder>> forwarders;
};

/// In two steps: what the cache key needs, before it is known whether the command runs at
/// all; then secrets, agents and the rest. `step`, `context` and `site` outlive it.
class RunMounts {
public:
    RunMounts(const plan::RunStep &step, const StepSite &site, const StepContext &context,
              const std::stop_token &stop);

    /// No part holds a byte of a secret, or depends on what a cache holds.
    [[nodiscard]] std::vector<cache::KeyPart> key_parts(Naming naming) const;
    /// Whether the two namings can differ.
    [[nodiscard]] bool show_layer_files() const;
    [[nodiscard]] OpenedMounts open() const;

private:
    struct Planned {
        const plan::MountSpec &spec;
        std::optional<BindMount> bind;
    };
    void open_one(const Planned &planned, OpenedMounts &into) const;
    void open_agent(const plan::MountSpec &spec, OpenedMounts &into) const;

    const plan::RunStep &step_;
    const StepContext &context_;
    TaskId task_;
    std::vector<Planned> planned_;
};

/// The options of a mount as one text; equal for mounts that a command cannot tell apart,
/// what they show aside.
[[nodiscard]] std::string mount_options(const plan::MountSpec &spec);

} // namespace mica::exec
