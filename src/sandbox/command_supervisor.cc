#include "sandbox/command_supervisor.hh"

#include "os/socket.hh"
#include "sandbox/supervisor/fake_root.hh"
#include <csignal>
#include <tuple>
#include <utility>

namespace mica::sandbox {
namespace {

Credentials initial_credentials(const RunRequest &request)
{
    return {Ids::all(request.uid), Ids::all(request.gid), request.groups};
}

} // namespace

CommandSupervisor::CommandSupervisor(InitPlan &plan)
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

void CommandSupervisor::start(pid_t command)
{
    plan_.supervision.reset();
    Fd listener = receive_listener(ours_.get());
    if (!listener)
        return; // its report says why
    supervisor_.emplace(std::move(listener), dispatch_, [command] { ::kill(command, SIGKILL); });
    release_supervised(ours_.get());
}

void CommandSupervisor::finish()
{
    const auto failure = supervisor_ ? supervisor_->failure() : std::nullopt;
    supervisor_.reset();
    if (failure)
        throw *failure;
    const auto changes = plan_.records->changes();
    write_all(plan_.records_changed.get(), as_bytes(changes));
}

} // namespace mica::sandbox
