#include "sandbox/translate/file_opening.hh"

#include "sandbox/chroot/device_files.hh"
#include "sandbox/supervisor/proc_status.hh"
#include "sandbox/supervisor/reply.hh"
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <utility>

namespace mica::sandbox {
namespace {

constexpr int creation = O_CREAT | O_EXCL;

struct OpenCall {
    FileName name;
    int flags = 0;
    std::uint32_t mode = 0;

    [[nodiscard]] bool has(int flag) const { return (flags & flag) == flag; }
    [[nodiscard]] bool writes() const { return (flags & O_ACCMODE) != O_RDONLY; }
    [[nodiscard]] unsigned wanted_access() const
    {
        const int access = flags & O_ACCMODE;
        const bool changes = access != O_RDONLY || has(O_TRUNC);
        return (access != O_WRONLY ? unsigned{R_OK} : 0U) | (changes ? unsigned{W_OK} : 0U);
    }
};

Reply give(Fd file, const OpenCall &request)
{
    if (!file)
        throw CallFailed{errno};
    return Reply::descriptor(std::move(file), request.has(O_CLOEXEC));
}

/// The same file anew, with flags of its own.
Fd reopen(int file, int flags)
{
    return Fd{::open(own_link(file).c_str(), (flags & ~(creation | O_NOFOLLOW)) | O_CLOEXEC | O_NOCTTY)};
}

class FileOpening {
public:
    explicit FileOpening(const FileWorld &world) : world_{world} {}

    void add_to(Dispatch &dispatch) const
    {
        dispatch.on("open", [*this](SystemCall &call) {
            return open(call, {{AT_FDCWD, call.text(0)}, call.integer(1), call.word(2)});
        });
        dispatch.on("creat", [*this](SystemCall &call) {
            return open(call, {{AT_FDCWD, call.text(0)}, O_CREAT | O_WRONLY | O_TRUNC, call.word(1)});
        });
        dispatch.on("openat", [*this](SystemCall &call) {
            if (auto handed = world_.handed.take(call.thread()))
                return Reply::descriptor(std::move(*handed), true);
            return open(call, {{call.integer(0), call.text(1)}, call.integer(2), call.word(3)});
        });
    }

private:
    [[nodiscard]] Reply open(const SystemCall &call, OpenCall request) const
    {
        if (request.has(O_TMPFILE))
            return open_nameless(call, request);
        request.name.follow = !request.has(O_NOFOLLOW) && !request.has(creation);
        TranslatedPaths::Found found;
        try {
            found = world_.paths.locate(call, request.name);
        } catch (const CallFailed &failed) {
            if (failed.error_number != ENOENT || !request.has(O_CREAT))
                throw;
            return make_behind_link(call, request);
        }
        if (request.has(creation))
            throw CallFailed{EEXIST};
        if (found.proc)
            return give(world_.paths.proc().open(*found.proc, request.flags), request);
        return open_found(call, std::move(found.file), request);
    }

    [[nodiscard]] Reply open_found(const SystemCall &call, Fd file, const OpenCall &request) const
    {
        const auto status = status_of_file(file.get());
        auto shown = status;
        world_.fake.records().show(shown);
        const unsigned type = shown.stx_mode & S_IFMT;
        if (type == S_IFLNK)
            throw CallFailed{ELOOP};
        if (request.has(O_DIRECTORY) && type != S_IFDIR)
            throw CallFailed{ENOTDIR};
        if (type == S_IFDIR && (request.writes() || request.has(O_CREAT)))
            throw CallFailed{EISDIR};
        const auto who = world_.fake.caller(call);
        if (!who.rules_files() && !FakeWorld::may(who, shown, request.wanted_access()))
            throw CallFailed{EACCES};
        if (type == S_IFCHR || type == S_IFBLK)
            return open_device(shown, request);
        if (auto secret = world_.secrets.open(status, request.flags))
            return give(std::move(*secret), request);
        if (type == S_IFSOCK)
            throw CallFailed{ENXIO};
        if (type == S_IFIFO && !request.has(O_NONBLOCK))
            return open_fifo(std::move(file), request);
        return give(reopen(file.get(), request.flags), request);
    }

    /// Those that every container has are the machine's; there are no others.
    [[nodiscard]] static Reply open_device(const struct statx &shown, const OpenCall &request)
    {
        const char *path =
            S_ISCHR(shown.stx_mode) ? machine_device(shown.stx_rdev_major, shown.stx_rdev_minor) : nullptr;
        if (path == nullptr)
            throw CallFailed{ENXIO};
        return give(Fd{::open(path, (request.flags & ~(creation | O_NOFOLLOW)) | O_CLOEXEC | O_NOCTTY)},
                    request);
    }

    /// It may take until somebody opens the other end, which may need this thread.
    [[nodiscard]] static Reply open_fifo(Fd file, const OpenCall &request)
    {
        auto shared = std::make_shared<Fd>(std::move(file));
        return Reply::later(
            [shared, request] { return give(reopen(shared->get(), request.flags), request); });
    }

    /// A new file where a link that leads nowhere says.
    [[nodiscard]] Reply make_behind_link(const SystemCall &call, const OpenCall &request) const
    {
        const auto who = world_.fake.caller(call);
        const auto mode = request.mode & ~std::uint32_t{proc_status(call.thread()).umask};
        auto path = request.name.path;
        if (!path.starts_with('/'))
            path =
                world_.paths.seen(world_.paths.find(call, {request.name.directory, "."}).get()) + '/' + path;
        Fd file = world_.paths.open_in_root(path, (request.flags & ~O_NOFOLLOW) | O_NOCTTY,
                                            mode_on_disk(S_IFREG | mode));
        if (file)
            settle(world_.fake, file.get(), {who.user.filesystem, who.group.filesystem, S_IFREG | mode});
        return give(std::move(file), request);
    }

    [[nodiscard]] Reply open_nameless(const SystemCall &call, const OpenCall &request) const
    {
        const Fd directory = world_.paths.find(call, request.name);
        const auto who = world_.fake.caller(call);
        world_.fake.require_writable(who, directory.get());
        const auto mode =
            S_IFREG | (request.mode & 07777U & ~std::uint32_t{proc_status(call.thread()).umask});
        Fd file{::open(own_link(directory.get()).c_str(), (request.flags & ~O_NOFOLLOW) | O_CLOEXEC,
                       mode_on_disk(mode))};
        if (file)
            settle(world_.fake, file.get(), new_file(who, world_.fake.look(directory.get()), mode));
        return give(std::move(file), request);
    }

    FileWorld world_;
};

} // namespace

void translate_opening(Dispatch &dispatch, const FileWorld &world)
{
    FileOpening{world}.add_to(dispatch);
}

} // namespace mica::sandbox
