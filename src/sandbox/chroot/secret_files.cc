#include "sandbox/chroot/secret_files.hh"

#include "base/error.hh"
#include "os/check.hh"
#include "os/path_walk.hh"
#include "sandbox/supervisor/stat_forms.hh"
#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace mica::sandbox {
namespace {

Fd in_memory(const MountRequest &request)
{
    Fd memory{os::check(::memfd_create("secret", MFD_CLOEXEC | MFD_ALLOW_SEALING), "memfd_create")};
    write_all(memory.get(), as_bytes(request.source));
    os::check(::fchmod(memory.get(), request.mode), "set the mode of a secret");
    os::check(::fchown(memory.get(), request.uid, request.gid), "set the owner of a secret");
    os::check(::fcntl(memory.get(), F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL),
              "seal a secret");
    return memory;
}

} // namespace

void SecretFiles::add(const MountRequest &request, const std::filesystem::path &placeholder,
                      StandIns &stand_ins)
{
    if (!root_)
        root_ = open_file(tree_.root(), O_PATH | O_DIRECTORY);
    const Fd file = open_file(placeholder, O_WRONLY | O_CREAT | O_EXCL, 0600);
    os::check(::fchown(file.get(), request.uid, request.gid), "set the owner of a secret");
    constexpr std::uint32_t executable = 0111;
    os::check(::fchmod(file.get(), request.mode & ~executable), "set the mode of a secret");
    struct stat status{};
    os::check(::fstat(file.get(), &status), "stat");
    secrets_.push_back(
        {status.st_dev, status.st_ino, in_memory(request), static_cast<off_t>(request.source.size())});
    stand_ins.give(placeholder, request.target);
}

std::optional<SecretFiles::Found> SecretFiles::find(const SystemCall &call,
                                                    const PathArguments &arguments) const
{
    const auto text = path_of(call, arguments.path);
    if (!text)
        return std::nullopt;
    const auto path = absolute(call, *text, arguments, tree_);
    if (!path)
        return std::nullopt;
    try {
        auto file = os::find_in_root(root_.get(), *path, O_PATH);
        struct stat status{};
        if (!file || ::fstat(file->get(), &status) != 0)
            return std::nullopt;
        const auto secret = std::ranges::find_if(secrets_, [&](const Secret &one) {
            return one.inode == status.st_ino && one.device == status.st_dev;
        });
        if (secret == secrets_.end())
            return std::nullopt;
        return Found{*secret, std::move(*file)};
    } catch (const Error &) {
        return std::nullopt; // a loop of links, say: the kernel finds words for it
    }
}

Reply SecretFiles::open(const SystemCall &call, const PathArguments &arguments, std::uint64_t flags) const
{
    const auto found = find(call, arguments);
    if (!found)
        return Reply::pass();
    if ((flags & O_PATH) != 0)
        return Reply::pass();
    if ((flags & O_ACCMODE) != O_RDONLY || (flags & O_TRUNC) != 0)
        throw CallFailed{EROFS};
    const auto link = os::fd_path(found->placeholder.get());
    as_caller(caller_of(call), [&] {
        const Fd allowed{::open(link.c_str(), O_RDONLY | O_CLOEXEC)};
        if (!allowed)
            throw CallFailed{errno};
    });
    // Opened anew: each reader has a position of its own.
    return Reply::descriptor(open_file(os::fd_path(found->secret.memory.get()), O_RDONLY),
                             (flags & O_CLOEXEC) != 0);
}

Reply SecretFiles::status(const SystemCall &call, const PathArguments &arguments,
                          const std::function<void(const struct statx &)> &store) const
{
    const auto found = find(call, arguments);
    if (!found)
        return Reply::pass();
    struct statx answer{};
    if (::statx(found->placeholder.get(), "", AT_EMPTY_PATH, STATX_BASIC_STATS | STATX_BTIME, &answer) != 0)
        throw CallFailed{errno};
    answer.stx_size = static_cast<std::uint64_t>(found->secret.size);
    store(answer);
    return Reply::value();
}

void SecretFiles::attach(Dispatch &dispatch)
{
    if (secrets_.empty())
        return;
    dispatch.on("open", [this](SystemCall &call) { return open(call, {0, std::nullopt}, call.word(1)); });
    dispatch.on("openat", [this](SystemCall &call) { return open(call, {1, 0U}, call.word(2)); });
    dispatch.on("openat2", [this](SystemCall &call) {
        return open(call, {1, 0U}, call.load<std::uint64_t>(call.argument(2)));
    });
    attach_status(dispatch);
}

void SecretFiles::attach_status(Dispatch &dispatch)
{
    const auto stat_call = [&](const char *name, StatForm form, PathArguments arguments, unsigned buffer) {
        dispatch.on(name, [=, this](SystemCall &call) {
            return status(call, arguments, [&](const struct statx &answer) {
                const auto narrow = is_narrow(call.abi()) && form == StatForm::native;
                write_memory(call, call.argument(buffer),
                             stat_bytes(answer, narrow ? StatForm::narrow : form, call.abi()));
            });
        });
    };
    stat_call("stat", StatForm::native, {0, std::nullopt}, 1);
    stat_call("newfstatat", StatForm::native, {1, 0U}, 2);
    stat_call("stat64", StatForm::narrow_wide, {0, std::nullopt}, 1);
    stat_call("fstatat64", StatForm::narrow_wide, {1, 0U}, 2);
    dispatch.on("statx", [this](SystemCall &call) {
        return status(call, {1, 0U}, [&](const struct statx &answer) {
            write_memory(call, call.argument(4), std::as_bytes(std::span{&answer, 1}));
        });
    });
}

} // namespace mica::sandbox
