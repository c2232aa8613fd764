#include "sandbox/command_supervisor.hh"

#include "io/fd.hh"
#include "os/socket.hh"
#include "sandbox/supervisor/fake_root.hh"
#include "sandbox/supervisor/fake_world.hh"
#include "sandbox/supervisor/marked_devices.hh"
#include "sandbox/supervisor/shared_root_paths.hh"
#include "sandbox/supervisor/supervisor.hh"
#include "sandbox/translate/translating_supervisor.hh"
#include <cerrno>
#include <csignal>
#include <optional>
#include <sys/wait.h>
#include <tuple>
#include <utility>

namespace mica::sandbox {
namespace {

/// Of a command that has a root directory and namespaces of its own: the kernel does all but a few calls.
class NamespaceSupervisor : public CommandSupervisor {
public:
    explicit NamespaceSupervisor(InitPlan &plan) : plan_{plan} {}

    void in_child() override { ours_.reset(); }

    void start(pid_t command) override
    {
        plan_.supervision.reset();
        Fd listener = receive_listener(ours_.get());
        if (!listener)
            return; // its report says why
        supervisor_.emplace(std::move(listener), dispatch_, [command] { ::kill(command, SIGKILL); });
        release_supervised(ours_.get());
    }

    [[nodiscard]] int wait(pid_t command) override { return wait_for_command(command); }

    void finish() override
    {
        const auto failure = supervisor_ ? supervisor_->failure() : std::nullopt;
        supervisor_.reset();
        if (failure)
            throw *failure;
    }

protected:
    [[nodiscard]] InitPlan &plan() { return plan_; }
    [[nodiscard]] Dispatch &dispatch() { return dispatch_; }
    [[nodiscard]] SharedRootPaths &paths() { return paths_; }
    /// When the dispatch is complete.
    void ready()
    {
        std::tie(ours_, plan_.supervision) = os::socket_pair();
        plan_.filter = dispatch_.filter();
    }

private:
    InitPlan &plan_;
    SharedRootPaths paths_;
    Dispatch dispatch_;
    Fd ours_;
    std::optional<Supervisor> supervisor_;
};

/// With one id.
class FakeRootSupervisor final : public NamespaceSupervisor {
public:
    explicit FakeRootSupervisor(InitPlan &plan)
        : NamespaceSupervisor{plan}, processes_{initial_credentials(plan.request)},
          world_{*plan.records, processes_, paths(), true}
    {
        fake_root(dispatch(), world_);
        dispatch().on("chroot", [this](SystemCall &) {
            paths().root_changes();
            return Reply::pass();
        });
        ready();
    }

    void finish() override
    {
        NamespaceSupervisor::finish();
        hand_over_records(plan());
    }

private:
    ProcessTable processes_;
    FakeWorld world_;
};

/// With all ids, and no device nodes.
class DeviceSupervisor final : public NamespaceSupervisor {
public:
    explicit DeviceSupervisor(InitPlan &plan) : NamespaceSupervisor{plan}
    {
        mark_devices(dispatch(), paths());
        ready();
    }
};

} // namespace

std::unique_ptr<CommandSupervisor> make_command_supervisor(InitPlan &plan)
{
    if (plan.translation)
        return std::make_unique<TranslatingSupervisor>(plan);
    if (plan.records != nullptr)
        return std::make_unique<FakeRootSupervisor>(plan);
    if (plan.user_namespace)
        return std::make_unique<DeviceSupervisor>(plan);
    return nullptr;
}

int wait_for_command(pid_t command)
{
    while (true) {
        int status = 0;
        const pid_t dead = ::wait(&status);
        if (dead == command)
            return status;
        if (dead < 0 && errno != EINTR)
            throw system_error("wait", errno);
    }
}

Credentials initial_credentials(const RunRequest &request)
{
    return {Ids::all(request.uid), Ids::all(request.gid), request.groups};
}

void hand_over_records(InitPlan &plan)
{
    const auto changes = plan.records->changes();
    write_all(plan.records_changed.get(), as_bytes(changes));
}

} // namespace mica::sandbox
