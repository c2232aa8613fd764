#include "sandbox/translate/translating_supervisor.hh"

#include "os/socket.hh"
#include "sandbox/chroot/machine_calls.hh"
#include "sandbox/supervisor/fake_root.hh"
#include "sandbox/translate/file_facts.hh"
#include "sandbox/translate/file_names.hh"
#include "sandbox/translate/file_opening.hh"
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <tuple>
#include <unistd.h>

namespace mica::sandbox {
namespace {

/// Refused, so that programs do what they do on systems without them.
void refuse_rare_calls(Dispatch &dispatch)
{
    // Older kernels have none of it: open(2) is what programs go back to.
    dispatch.answer("openat2", ENOSYS);
    // A file system without file handles.
    dispatch.answer("name_to_handle_at", EOPNOTSUPP);
    // i386's older way to sockets, whose arguments lie in memory.
    dispatch.answer("socketcall", ENOSYS);
    dispatch.answer("fanotify_mark", ENOSYS);
}

/// One root directory for all of a command.
Reply change_root(const SystemCall &call, const FileWorld &world)
{
    const Fd directory = world.paths.find(call, {AT_FDCWD, call.text(0)});
    return world.paths.seen(directory.get()) == "/" ? Reply::value() : Reply::error(EPERM);
}

} // namespace

TranslatingSupervisor::TranslatingSupervisor(InitPlan &plan)
    : plan_{plan}, tree_{plan.root}, proc_{tree_, plan.translation->place / "lists", true},
      paths_{tree_, proc_, programs_, *plan.translation->secrets, plan.translation->place / "lists"},
      processes_{initial_credentials(plan.request)}, fake_{*plan.records, processes_, paths_, false},
      traced_{{fake_, paths_, *plan.translation->secrets, handed_}, plan.translation->place / "aliases"},
      tracer_{{fake_, paths_, *plan.translation->secrets, handed_}, traced_, programs_}
{
    tree_.starts_at(::getpid());
    attach(plan.request);
    std::tie(ours_, plan.supervision) = os::socket_pair();
    plan.filter = dispatch_.filter();
}

void TranslatingSupervisor::attach(const RunRequest &request)
{
    const FileWorld world{fake_, paths_, *plan_.translation->secrets, handed_};
    traced_.add_to(dispatch_);
    refuse_rare_calls(dispatch_);
    if (request.no_network)
        refuse_network(dispatch_);
    show_host_name(dispatch_, request.hostname);
    fake_root(dispatch_, fake_);
    translate_opening(dispatch_, world);
    translate_names(dispatch_, world);
    translate_facts(dispatch_, world);
    dispatch_.on("chroot", [world](SystemCall &call) { return change_root(call, world); });
}

void TranslatingSupervisor::start(pid_t command)
{
    plan_.supervision.reset();
    Fd listener = receive_listener(ours_.get());
    if (!listener)
        return; // its report says why
    tracer_.seize(command);
    supervisor_.emplace(std::move(listener), dispatch_, [command] { ::kill(command, SIGKILL); });
    release_supervised(ours_.get());
}

int TranslatingSupervisor::wait(pid_t command)
{
    const int status = tracer_.serve(command);
    tracer_.end_everything();
    return status;
}

void TranslatingSupervisor::finish()
{
    const auto failure = supervisor_ ? supervisor_->failure() : std::nullopt;
    supervisor_.reset();
    if (failure)
        throw *failure;
    hand_over_records(plan_);
}

} // namespace mica::sandbox
