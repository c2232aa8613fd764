#include "sandbox/chroot/secret_files.hh"

#include "base/error.hh"
#include "os/check.hh"
#include "os/path_walk.hh"
#include "sandbox/chroot/recorded_owner.hh"
#include "sandbox/supervisor/stat_forms.hh"
#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include <utility>

namespace mica::sandbox {
namespace {

/// `is_ours`: its owner and mode are on record.
Fd in_memory(const MountRequest &request, bool is_ours)
{
    Fd memory{os::check(::memfd_create("secret", MFD_CLOEXEC | MFD_ALLOW_SEALING), "memfd_create")};
    write_all(memory.get(), as_bytes(request.source));
    if (!is_ours) {
        os::check(::fchmod(memory.get(), request.mode), "set the mode of a secret");
        os::check(::fchown(memory.get(), request.uid, request.gid), "set the owner of a secret");
    }
    os::check(::fcntl(memory.get(), F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL),
              "seal a secret");
    return memory;
}

bool is_for_reading(int flags)
{
    return (flags & O_ACCMODE) == O_RDONLY && (flags & O_TRUNC) == 0;
}

} // namespace

void SecretFiles::add(const MountRequest &request, const std::filesystem::path &placeholder,
                      StandIns &stand_ins)
{
    if (!root_)
        root_ = open_file(tree_.root(), O_PATH | O_DIRECTORY);
    const Fd file = open_file(placeholder, O_WRONLY | O_CREAT | O_EXCL, 0600);
    constexpr std::uint32_t executable = 0111;
    set_owner(placeholder, {request.uid, request.gid, request.mode & ~executable}, records_);
    struct stat status{};
    os::check(::fstat(file.get(), &status), "stat");
    secrets_.push_back({status.st_dev, status.st_ino, in_memory(request, records_ != nullptr),
                        static_cast<off_t>(request.source.size())});
    stand_ins.give(placeholder, request.target);
}

const SecretFiles::Secret *SecretFiles::secret_at(const struct statx &placeholder) const
{
    const auto device = ::makedev(placeholder.stx_dev_major, placeholder.stx_dev_minor);
    const auto secret = std::ranges::find_if(secrets_, [&](const Secret &one) {
        return one.inode == placeholder.stx_ino && one.device == device;
    });
    return secret != secrets_.end() ? &*secret : nullptr;
}

Fd SecretFiles::open_secret(const Secret &secret, int flags)
{
    if (!is_for_reading(flags))
        throw CallFailed{EROFS};
    // Opened anew: each reader has a position of its own.
    return open_file(os::fd_path(secret.memory.get()), O_RDONLY);
}

std::optional<Fd> SecretFiles::open(const struct statx &placeholder, int flags) const
{
    const auto *secret = secret_at(placeholder);
    return secret != nullptr ? std::optional{open_secret(*secret, flags)} : std::nullopt;
}

void SecretFiles::show(struct statx &status) const
{
    if (const auto *secret = secret_at(status))
        status.stx_size = static_cast<std::uint64_t>(secret->size);
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

Reply SecretFiles::answer_open(const SystemCall &call, const PathArguments &arguments,
                               std::uint64_t flags) const
{
    const auto found = find(call, arguments);
    if (!found)
        return Reply::pass();
    if ((flags & O_PATH) != 0)
        return Reply::pass();
    if (!is_for_reading(static_cast<int>(flags)))
        throw CallFailed{EROFS};
    const auto link = os::fd_path(found->placeholder.get());
    as_caller(caller_of(call), [&] {
        const Fd allowed{::open(link.c_str(), O_RDONLY | O_CLOEXEC)};
        if (!allowed)
            throw CallFailed{errno};
    });
    return Reply::descriptor(open_secret(found->secret, static_cast<int>(flags)), (flags & O_CLOEXEC) != 0);
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
    dispatch.on("open",
                [this](SystemCall &call) { return answer_open(call, {0, std::nullopt}, call.word(1)); });
    dispatch.on("openat", [this](SystemCall &call) { return answer_open(call, {1, 0U}, call.word(2)); });
    dispatch.on("openat2", [this](SystemCall &call) {
        return answer_open(call, {1, 0U}, call.load<std::uint64_t>(call.argument(2)));
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
