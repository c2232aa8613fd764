#include "sandbox/command_process.hh"

#include "base/text.hh"
#include "os/capabilities.hh"
#include "os/check.hh"
#include "os/landlock.hh"
#include "os/path_walk.hh"
#include "sandbox/supervisor/listener.hh"
#include "sandbox/syscall_filter.hh"
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <string>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <vector>

namespace mica::sandbox {
namespace {

constexpr int status_not_found = 127;
constexpr int status_not_executable = 126;

/// runc does the same: a command of another user must be able to reopen /dev/stdout.
void give_outputs_to(const RunRequest &request)
{
    for (const int fd : {STDOUT_FILENO, STDERR_FILENO})
        (void)!::fchown(fd, request.uid, request.gid);
}

void connect_standard_streams(const InitPlan &plan)
{
    const Fd empty = open_file("/dev/null", O_RDONLY);
    os::check(::dup2(empty.get(), STDIN_FILENO), "dup2");
    os::check(::dup2(plan.standard_output.get(), STDOUT_FILENO), "dup2");
    os::check(::dup2(plan.standard_error.get(), STDERR_FILENO), "dup2");
    if (plan.records == nullptr)
        give_outputs_to(plan.request);
}

void enter_working_directory(const std::string &root_path, const std::string &path)
{
    MountPoints places;
    const Fd root = open_file(root_path, O_RDONLY | O_DIRECTORY);
    in_context([] { return std::string{"make the working directory"}; },
               [&] { places.ensure(root.get(), path, MountPoints::Kind::directory); });
    const auto failed = [&] { return fmt::format("enter the working directory {}", path); };
    const auto found = os::find_in_root(root.get(), path, O_PATH | O_DIRECTORY);
    if (!found)
        throw system_error(failed(), ENOENT);
    os::check(::fchdir(found->get()), failed);
}

/// An unlimited number of files makes programs that close "all" of them take minutes.
void limit_files()
{
    constexpr rlim_t most = 1048576;
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_max <= most)
        return;
    limit.rlim_max = most;
    limit.rlim_cur = std::min(limit.rlim_cur, most);
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

/// Also the two signals that libc keeps for itself and hides from signal(2): posix_spawn(3)
/// left them ignored.
void reset_signals()
{
    constexpr std::array<std::uint64_t, 4> default_action{}; // the kernel's struct sigaction, all zero
    for (int number = 1; number < NSIG; ++number)
        ::syscall(SYS_rt_sigaction, number, default_action.data(), nullptr, NSIG / 8);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

/// With a supervisor that fakes root, ids are its matter.
void take_ids(const RunRequest &request)
{
    const auto failed = [&] { return fmt::format("become user {}:{}", request.uid, request.gid); };
    const auto become = [&](int result) {
        if (result != 0 && errno == EINVAL)
            throw system_error(failed(), EINVAL)
                .with_hint("the id is not in the range that this machine gives to the user "
                           "who runs the build (/etc/subuid, /etc/subgid)");
        os::check(result, failed);
    };
    become(::setgroups(request.groups.size(), request.groups.data()));
    become(::setresgid(request.gid, request.gid, request.gid));
    // Plain system call: libc's version would tell other threads, of which there are none.
    become(static_cast<int>(::syscall(SYS_setresuid, request.uid, request.uid, request.uid)));
}

/// Who may chroot(2) can leave a chroot: the old root's directories are behind "..". Landlock closes
/// them. Where there is none, that privilege goes.
os::CapabilitySet enter_chroot(const std::string &root)
{
    const Fd directory = open_file(root, O_PATH | O_DIRECTORY);
    os::check(::chroot(root.c_str()), "chroot");
    os::check(::chdir("/"), "chdir");
    constexpr os::CapabilitySet sys_chroot = os::CapabilitySet{1} << 18U;
    return os::confine_files(directory.get()) ? os::docker_default_capabilities
                                              : os::docker_default_capabilities & ~sys_chroot;
}

/// The first process is mica's; when it is gone, nobody waits for the command any more.
void die_with_first_process()
{
    ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
}

/// Where there is a supervisor around this one already, mknod(2) stays as the kernel has it.
void enter_optional_supervision(const InitPlan &plan)
{
    try {
        enter_supervision(plan.supervision.get(), plan.filter);
    } catch (const Error &) {
        return;
    }
}

/// The order is forced: groups and ids need capabilities; without no_new_privs a filter
/// needs CAP_SYS_ADMIN, which the command must not have.
void drop_privileges(const InitPlan &plan, os::CapabilitySet most)
{
    const RunRequest &request = plan.request;
    if (!request.insecure) {
        // The network namespace may be the host's, and with it the names of abstract sockets. And where the
        // first process, which is mica's, can be seen, no signal must reach it: its own scope includes it.
        (void)os::confine({.abstract_sockets = true, .signals = !plan.private_proc},
                          plan.confinement == Confinement::chroot);
        os::limit_bounding_set(most);
        install_syscall_filter();
    }
    if (plan.records != nullptr)
        enter_supervision(plan.supervision.get(), plan.filter);
    else if (plan.confinement == Confinement::namespaces && plan.supervision)
        enter_optional_supervision(plan);
    if (plan.records == nullptr)
        take_ids(request);
    os::set_capabilities(request.insecure ? ~os::CapabilitySet{0} : most);
}

std::string find_variable(const std::vector<std::string> &environment, std::string_view name)
{
    for (const auto &variable : environment)
        if (variable.size() > name.size() && variable.starts_with(name) && variable[name.size()] == '=')
            return variable.substr(name.size() + 1);
    return {};
}

[[noreturn]] void refuse(const std::string &program, const char *why, int status)
{
    const auto text = fmt::format("exec: \"{}\": {}\n", program, why);
    (void)!::write(STDERR_FILENO, text.data(), text.size());
    ::_exit(status);
}

std::vector<char *> pointers(const std::vector<std::string> &texts)
{
    std::vector<char *> result;
    for (const auto &text : texts)
        result.push_back(const_cast<char *>(text.c_str()));
    result.push_back(nullptr);
    return result;
}

[[noreturn]] void execute(const RunRequest &request)
{
    const auto argv = pointers(request.argv);
    const auto environment = pointers(request.environment);
    const std::string &program = request.argv.front();
    int denied = 0;
    const auto attempt = [&](const std::string &path) {
        ::execve(path.c_str(), argv.data(), environment.data());
        if (errno != ENOENT && errno != ENOTDIR)
            denied = errno;
    };
    if (program.find('/') != std::string::npos) {
        attempt(program);
        if (denied == 0)
            refuse(program, "no such file or directory", status_not_found);
        refuse(program, std::strerror(denied), status_not_executable);
    }
    for (const auto directory : split(find_variable(request.environment, "PATH"), ':')) {
        if (directory.empty())
            continue; // the current directory: Docker refuses it as well
        attempt(fmt::format("{}/{}", directory, program));
        if (denied != 0 && denied != EACCES)
            break;
    }
    if (denied != 0)
        refuse(program, std::strerror(denied), status_not_executable);
    refuse(program, "executable file not found in $PATH", status_not_found);
}

/// A process without privileges has none to drop; one that has some needs none of them.
void confine_translated(const InitPlan &plan)
{
    const Fd root = open_file(plan.root, O_PATH | O_DIRECTORY);
    // A scope of its own: the one of the first process, which is mica's, includes that process.
    (void)os::confine({.abstract_sockets = true, .signals = true}, true);
    (void)os::confine_files(root.get());
    constexpr os::CapabilitySet setpcap = os::CapabilitySet{1} << 8U;
    if ((os::permitted_capabilities() & setpcap) != 0)
        os::limit_bounding_set(0);
    if (!plan.request.insecure)
        install_syscall_filter();
    enter_supervision(plan.supervision.get(), plan.filter);
    os::set_capabilities(0);
}

/// That all kinds of supervision work, before a command depends on them.
void try_supervision()
{
    os::check(::chdir("/"), "have a system call traced");
    const Fd root{os::check(::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC), "be given a descriptor")};
    os::check(::fchdir(root.get()), "use a descriptor that was given");
}

} // namespace

void become_command(const InitPlan &plan)
{
    const RunRequest &request = plan.request;
    connect_standard_streams(plan);
    ::setsid();
    ::umask(0022);
    auto capabilities = os::docker_default_capabilities;
    if (plan.confinement == Confinement::chroot)
        capabilities = enter_chroot(plan.root);
    const bool is_translated = plan.confinement == Confinement::translation;
    enter_working_directory(is_translated ? plan.root : "/", request.working_directory);
    limit_files();
    reset_signals();
    if (is_translated)
        confine_translated(plan);
    else
        drop_privileges(plan, capabilities);
    if (plan.confinement != Confinement::namespaces)
        die_with_first_process();
    if (plan.supervision && plan.confinement != Confinement::namespaces && !is_translated)
        enter_supervision(plan.supervision.get(), plan.filter);
    if (request.probe && is_translated)
        try_supervision();
    if (request.probe)
        ::_exit(0);
    execute(request);
}

} // namespace mica::sandbox
