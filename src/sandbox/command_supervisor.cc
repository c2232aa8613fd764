#include "sandbox/command_supervisor.hh"

#include "io/fd.hh"
#include "os/socket.hh"
#include "sandbox/supervisor/fake_root.hh"
#include "sandbox/supervisor/fake_world.hh"
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

/// Of a command that has a root directory and namespaces of its own, but one id.
class FakeRootSupervisor final : public CommandSupervisor {
public:
    explicit FakeRootSupervisor(InitPlan &plan)
        : plan_{plan}, processes_{initial_credentials(plan.request)},
          world_{*plan.records, processes_, paths_, true}
    {
        fake_root(dispatch_, world_);
        dispatch_.on("chroot", [this](SystemCall &) {
            paths_.root_changes();
            return Reply::pass();
        });
        std::tie(ours_, plan.supervision) = os::socket_pair();
        plan.filter = dispatch_.filter();
    }

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
        hand_over_records(plan_);
    }

private:
    InitPlan &plan_;
    ProcessTable processes_;
    SharedRootPaths paths_;
    FakeWorld world_;
    Dispatch dispatch_;
    Fd ours_;
    std::optional<Supervisor> supervisor_;
};

} // namespace

std::unique_ptr<CommandSupervisor> make_command_supervisor(InitPlan &plan)
{
    if (plan.translation)
        return std::make_unique<TranslatingSupervisor>(plan);
    if (plan.records != nullptr)
        return std::make_unique<FakeRootSupervisor>(plan);
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
