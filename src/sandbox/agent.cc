#include "sandbox/agent.hh"

#include "base/error.hh"
#include "os/check.hh"
#include "os/directory.hh"
#include "os/mount.hh"
#include "sandbox/chroot/chroot_command.hh"
#include "sandbox/command_runner.hh"
#include "sandbox/content_reader.hh"
#include "sandbox/translate/translated_command.hh"
#include "sandbox/user_mounts.hh"
#include <cerrno>
#include <csignal>
#include <exception>
#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace mica::sandbox {
namespace {

constexpr int channel_fd = 3;

OverlayForm form_for(const SetupRequest &setup)
{
    return setup.user_namespace ? OverlayForm::user : OverlayForm::trusted;
}

/// Where parts of /proc are covered, as in most containers, a user namespace gets no new one.
bool can_mount_proc()
{
    auto cloned = os::clone_process(CLONE_NEWPID | CLONE_NEWNS);
    if (cloned.pid == 0) {
        try {
            (void)os::make_mount("proc", {}, 0);
        } catch (const Error &) {
            ::_exit(1);
        }
        ::_exit(0);
    }
    return os::Process{cloned.pid, std::move(cloned.pidfd)}.wait().shell_status() == 0;
}

} // namespace

int Agent::serve() noexcept
{
    int status = 0;
    try {
        while (auto request = channel_.receive()) {
            std::string body;
            Answer kind = Answer::done;
            try {
                body = answer(*request);
            } catch (const Error &error) {
                kind = Answer::failed;
                body = encode_error(error);
            }
            if (request->kind != static_cast<std::uint32_t>(Ask::kill))
                channel_.send(static_cast<std::uint32_t>(kind), body);
        }
    } catch (const std::exception &) {
        status = 1; // mica is gone: nobody to tell
    }
    try {
        clean_up();
    } catch (const std::exception &) {
        status = 1;
    }
    return status;
}

std::string Agent::answer(Message &request)
{
    switch (static_cast<Ask>(request.kind)) {
    case Ask::setup:
        enter_namespaces(request);
        return {};
    case Ask::mapped:
        return encode(finish_setup());
    case Ask::extract:
        return encode(extract(request));
    case Ask::keep:
        if (extracting_.place != Place::merged)
            directory_of(extracting_.place).keep(extracting_.name);
        return {};
    case Ask::discard:
        if (extracting_.place == Place::merged)
            merged_->remove(extracting_.name);
        else
            directory_of(extracting_.place).discard(extracting_.name);
        return {};
    case Ask::add_layers:
        for (const auto &name : decode<AddLayersRequest>(request.body).names)
            overlay_->add(layers_->open(name));
        return {};
    case Ask::run:
        return encode(run(request));
    case Ask::seal:
        return encode(root_->seal());
    case Ask::sweep:
        sweep(decode<SweepRequest>(request.body));
        return {};
    case Ask::kill: // came too late: the command had ended
        return {};
    case Ask::open_content:
        break;
    }
    throw Error{ErrorKind::internal, "the sandbox's helper got a request that it does not know"};
}

void Agent::enter_namespaces(Message &request)
{
    setup_ = decode<SetupRequest>(request.body);
    if (!request.fds.empty())
        reader_channel_.emplace(std::move(request.fds.front()));
    if (setup_.confinement != Confinement::namespaces)
        return;
    const int flags = CLONE_NEWNS | (setup_.user_namespace ? CLONE_NEWUSER : 0);
    os::check(::unshare(flags), setup_.user_namespace ? "make a user namespace" : "make a mount namespace");
}

SetupAnswer Agent::finish_setup()
{
    if (setup_.user_namespace) {
        os::check(::setresgid(0, 0, 0), "become the user namespace's root group");
        os::check(::setresuid(0, 0, 0), "become the user namespace's root");
        // A namespace of one id has no setgroups(2), and no groups that mean anything.
        if (!setup_.fake_root)
            os::check(::setgroups(0, nullptr), "drop the supplementary groups");
    }
    // Secrets pass through here: no other process of the user may look in.
    ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    const bool namespaces = setup_.confinement == Confinement::namespaces;
    if (namespaces)
        os::stop_propagation();
    scratch_ = open_file(setup_.scratch, O_RDONLY | O_DIRECTORY);
    open_storage();
    start_reader();
    if (!namespaces || (setup_.user_namespace && !can_mount_proc())) {
        private_proc_ = false;
        os::adopt_orphans();
    }
    return {private_proc_};
}

void Agent::open_storage()
{
    if (setup_.fake_root)
        records_.emplace();
    layers_.emplace(setup_.layers, form_for(setup_));
    const bool is_unowned = setup_.fake_root && !setup_.user_namespace;
    caches_.emplace(setup_.caches, form_for(setup_), is_unowned ? &*records_ : nullptr);
    if (setup_.storage == Storage::overlay) {
        root_ = &overlay_.emplace(form_for(setup_), setup_.scratch);
        return;
    }
    const auto path = std::filesystem::path{setup_.scratch} / "merged";
    (void)os::make_directory(scratch_.get(), "merged", 0755);
    auto *records = records_ ? &*records_ : nullptr;
    merged_.emplace(path, setup_.user_namespace, records);
    root_ = &plain_.emplace(merged_->directory(merged_root), std::string{"merged/"} + merged_root,
                            setup_.confinement == Confinement::namespaces, records);
}

void Agent::start_reader()
{
    if (!reader_channel_)
        return;
    auto cloned = os::clone_process(0);
    if (cloned.pid == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
        channel_.close();
        int status = 0;
        try {
            serve_contents(std::move(*reader_channel_), scratch_);
        } catch (const std::exception &) {
            status = 1;
        }
        ::_exit(status);
    }
    reader_ = os::Process{cloned.pid, std::move(cloned.pidfd)};
    reader_channel_.reset();
}

LayerDirectory &Agent::directory_of(Place place)
{
    if (place == Place::layers)
        return *layers_;
    if (place == Place::caches)
        return *caches_;
    if (!files_) {
        (void)os::make_directory(scratch_.get(), "files", 0755);
        files_.emplace(std::filesystem::path{setup_.scratch} / "files", form_for(setup_));
    }
    return *files_;
}

ExtractAnswer Agent::extract(Message &request)
{
    if (request.fds.size() != 1)
        throw Error{ErrorKind::internal, "a layer came without its bytes"};
    extracting_ = decode<ExtractRequest>(request.body);
    auto tar = std::make_unique<FdSource>(std::move(request.fds.front()));
    if (!extracting_.index_of)
        return {extract_to_place(std::move(tar), nullptr), {}};
    layer::IndexWriter index{Digest::parse(*extracting_.index_of)};
    auto notes = extract_to_place(std::move(tar), &index);
    return {std::move(notes), index.finish()};
}

LayerNotes Agent::extract_to_place(std::unique_ptr<Source> tar, layer::IndexWriter *index)
{
    if (extracting_.place != Place::merged)
        return directory_of(extracting_.place).extract(extracting_.name, std::move(tar), index);
    if (extracting_.name == merged_root)
        plain_->change_below();
    LayerNotes notes;
    notes.approximated = merged_->apply(extracting_.name, std::move(tar), index);
    return notes;
}

RunAnswer Agent::run(Message &request)
{
    if (request.fds.size() != 2)
        throw Error{ErrorKind::internal, "a command came without its outputs"};
    InitPlan plan;
    plan.request = decode<RunRequest>(request.body);
    plan.confinement = setup_.confinement;
    plan.user_namespace = setup_.user_namespace;
    plan.private_proc = private_proc_;
    plan.standard_output = std::move(request.fds[0]);
    plan.standard_error = std::move(request.fds[1]);
    const auto place = std::filesystem::path{setup_.scratch} / fmt::format("command-{}", commands_++);
    if (setup_.confinement != Confinement::namespaces)
        return run_without_namespaces(std::move(plan), place);
    UserMounts mounts{{*layers_, files_ ? &*files_ : nullptr, *caches_, merged_ ? &*merged_ : nullptr},
                      form_for(setup_),
                      place,
                      records_ ? &*records_ : nullptr};
    plan.mounts = mounts.prepare(plan.request);
    if (setup_.user_namespace)
        plan.devices = clone_devices();
    plan.records = records_ ? &*records_ : nullptr;
    auto ended = run_command(std::move(plan), root_->mounted(), channel_);
    if (!private_proc_)
        os::kill_children(reader_.pid());
    return ended;
}

RunAnswer Agent::run_without_namespaces(InitPlan plan, const std::filesystem::path &place)
{
    plan.records = records_ ? &*records_ : nullptr;
    if (plan.request.probe && plan.records == nullptr)
        prove_ownership();
    const auto root = root_->mounted();
    const auto run = setup_.confinement == Confinement::chroot        ? run_in_chroot
                     : setup_.confinement == Confinement::translation ? run_translated
                                                                      : run_in_place;
    auto answer = run(std::move(plan), root, {*caches_, *merged_, place}, channel_);
    plain_->forgive(answer.moved);
    return answer.ended;
}

/// What root can be without: layers have files of all kinds of owners.
void Agent::prove_ownership() const
{
    const Fd file{
        os::check(::openat(scratch_.get(), ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600), "make a file")};
    os::check(::fchown(file.get(), 1, 1), "give a file to another user");
}

void Agent::sweep(const SweepRequest &request) const
{
    const auto parent = std::filesystem::path{setup_.scratch}.parent_path();
    const Fd directory = open_file(parent, O_RDONLY | O_DIRECTORY);
    for (const auto &name : request.names) {
        try {
            os::remove_tree(directory.get(), name);
        } catch (const Error &) {
            continue; // of another user, or of a user namespace with other ids: not for us to remove
        }
    }
}

void Agent::clean_up()
{
    reader_ = {};
    if (root_ == nullptr)
        return;
    root_->unmount();
    for (const auto &name : os::list_directory(scratch_.get()))
        os::remove_tree(scratch_.get(), name);
}

int agent_main() noexcept
{
    // Nothing of mica but the channel and standard error (for what only a crash says).
    ::close_range(channel_fd + 1, ~0U, 0);
    const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    ::dup2(null, STDIN_FILENO);
    ::dup2(null, STDOUT_FILENO);
    ::fcntl(channel_fd, F_SETFD, FD_CLOEXEC);
    ::signal(SIGPIPE, SIG_IGN);
    ::umask(0);
    return Agent{Channel{Fd{channel_fd}}}.serve();
}

} // namespace mica::sandbox
