#include "sandbox/supervisor/fake_creation.hh"

#include "sandbox/supervisor/proc_status.hh"
#include "sandbox/supervisor/reply.hh"
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

// Files are made by the supervisor only where their owner or group is not what the kernel would
// give them without its help: for processes that are not root, and in directories that hand on
// their group. The umask, which is taken off by then, is asked from /proc; the supervisor's own must
// be zero.

namespace mica::sandbox {
namespace {

struct OpenRequest {
    FileName name;
    int flags = 0;
    std::uint32_t mode = 0;
};

class FakeCreation {
public:
    explicit FakeCreation(const FakeWorld &world) : world_{world} {}

    void add_to(Dispatch &dispatch) const
    {
        add_open(dispatch);
        dispatch.on("mkdir", [*this](SystemCall &call) {
            return make_directory(call, {AT_FDCWD, call.text(0)}, call.word(1));
        });
        dispatch.on("mkdirat", [*this](SystemCall &call) {
            return make_directory(call, {call.integer(0), call.text(1)}, call.word(2));
        });
        dispatch.on("mknod", [*this](SystemCall &call) {
            return make_node(call, {AT_FDCWD, call.text(0)}, call.word(1), call.word(2));
        });
        dispatch.on("mknodat", [*this](SystemCall &call) {
            return make_node(call, {call.integer(0), call.text(1)}, call.word(2), call.word(3));
        });
        dispatch.on("symlink", [*this](SystemCall &call) {
            return make_link(call, call.text(0), {AT_FDCWD, call.text(1)});
        });
        dispatch.on("symlinkat", [*this](SystemCall &call) {
            return make_link(call, call.text(0), {call.integer(1), call.text(2)});
        });
    }

private:
    void add_open(Dispatch &dispatch) const
    {
        const When makes{1, O_CREAT};
        dispatch.on(
            "open",
            [*this](SystemCall &call) {
                return open_new(call, {{AT_FDCWD, call.text(0)}, call.integer(1), call.word(2)});
            },
            makes);
        dispatch.on("creat", [*this](SystemCall &call) {
            return open_new(call, {{AT_FDCWD, call.text(0)}, O_CREAT | O_WRONLY | O_TRUNC, call.word(1)});
        });
        dispatch.on(
            "openat",
            [*this](SystemCall &call) {
                return open_new(call, {{call.integer(0), call.text(1)}, call.integer(2), call.word(3)});
            },
            When{2, O_CREAT});
        dispatch.on("openat2", [*this](SystemCall &call) {
            // struct open_how: flags, mode, resolve.
            const auto flags = call.load<std::uint64_t>(call.argument(2));
            if ((flags & O_CREAT) == 0)
                return Reply::pass();
            const auto mode = call.load<std::uint64_t>(call.argument(2) + 8);
            return open_new(
                call,
                {{call.integer(0), call.text(1)}, static_cast<int>(flags), static_cast<std::uint32_t>(mode)});
        });
    }

    [[nodiscard]] static std::uint32_t without_umask(const SystemCall &call, std::uint32_t mode)
    {
        return mode & ~std::uint32_t{proc_status(call.thread()).umask};
    }

    /// Pass: there is a file, or the kernel shall make it.
    [[nodiscard]] Reply open_new(const SystemCall &call, const OpenRequest &request) const
    {
        const auto place = place_of_new(call, request.name);
        if (!place.directory)
            return Reply::pass();
        const auto who = world_.caller(call);
        const auto parent = world_.look(place.directory.get());
        auto made = new_file(who, parent, S_IFREG | (request.mode & 07777U));
        if (world_.kernel_finishes() && made.uid == 0 && made.gid == 0)
            return Reply::pass();
        struct statx existing{};
        if (::statx(place.directory.get(), place.name.c_str(), AT_SYMLINK_NOFOLLOW, 0, &existing) == 0)
            return Reply::pass();
        world_.require_writable(who, place.directory.get());
        made.mode = without_umask(call, made.mode);
        constexpr int not_for_us = O_CLOEXEC | O_NOCTTY;
        Fd file{::openat(place.directory.get(), place.name.c_str(),
                         (request.flags & ~not_for_us) | O_CREAT | O_EXCL | O_CLOEXEC,
                         mode_on_disk(made.mode))};
        if (!file && errno == EEXIST)
            return Reply::pass();
        if (!file)
            return Reply::error(errno);
        settle(world_, file.get(), made);
        return Reply::descriptor(std::move(file), (request.flags & O_CLOEXEC) != 0);
    }

    /// Without a directory if the path ends in what cannot be made.
    [[nodiscard]] NamePlace place_of_new(const SystemCall &call, const FileName &name) const
    try {
        return world_.paths().place(call, name);
    } catch (const CallFailed &failed) {
        if (failed.error_number != EEXIST)
            throw;
        return {};
    }

    [[nodiscard]] Reply make_directory(const SystemCall &call, const FileName &name, std::uint32_t mode) const
    {
        const auto place = world_.paths().place(call, name);
        const auto who = world_.caller(call);
        const auto parent = world_.look(place.directory.get());
        const auto made = new_file(who, parent, S_IFDIR | (without_umask(call, mode) & 01777U));
        require_writable_for_new(who, place);
        if (::mkdirat(place.directory.get(), place.name.c_str(), mode_on_disk(made.mode)) != 0)
            return Reply::error(errno);
        return settle_new(place, made);
    }

    [[nodiscard]] Reply make_node(const SystemCall &call, const FileName &name, std::uint32_t mode,
                                  std::uint32_t device) const
    {
        const bool is_device = S_ISCHR(mode) || S_ISBLK(mode);
        const auto place = world_.paths().place(call, name);
        const auto who = world_.caller(call);
        if (is_device && !who.is_root())
            return Reply::error(EPERM);
        if ((mode & S_IFMT) == 0)
            mode |= S_IFREG;
        require_writable_for_new(who, place);
        const auto made = new_file(who, world_.look(place.directory.get()), without_umask(call, mode));
        const auto on_disk = is_device ? (S_IFREG | (made.mode & 07777U)) : made.mode;
        if (::mknodat(place.directory.get(), place.name.c_str(), (on_disk & S_IFMT) | mode_on_disk(on_disk),
                      0) != 0)
            return Reply::error(errno);
        if (is_device)
            record_device(place, mode & S_IFMT, device);
        return settle_new(place, made);
    }

    void record_device(const NamePlace &place, std::uint32_t type, std::uint32_t device) const
    {
        const Fd file = open_place(place);
        world_.records().change(key_of(status_of_file(file.get())), [&](FileRecord &record) {
            record.device_type = type;
            record.major = major(dev_t{device});
            record.minor = minor(dev_t{device});
        });
    }

    [[nodiscard]] Reply make_link(const SystemCall &call, const std::string &text, const FileName &name) const
    {
        const auto place = world_.paths().place(call, name);
        const auto who = world_.caller(call);
        require_writable_for_new(who, place);
        const auto made = new_file(who, world_.look(place.directory.get()), S_IFLNK | 0777U);
        if (::symlinkat(text.c_str(), place.directory.get(), place.name.c_str()) != 0)
            return Reply::error(errno);
        return settle_new(place, made);
    }

    /// What exists is told before what is not allowed, as the kernel does.
    void require_writable_for_new(const Credentials &who, const NamePlace &place) const
    {
        struct statx existing{};
        if (!who.rules_files() &&
            ::statx(place.directory.get(), place.name.c_str(), AT_SYMLINK_NOFOLLOW, 0, &existing) == 0)
            throw CallFailed{EEXIST};
        world_.require_writable(who, place.directory.get());
    }

    [[nodiscard]] static Fd open_place(const NamePlace &place)
    {
        Fd file{::openat(place.directory.get(), place.name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC)};
        if (!file)
            throw CallFailed{errno};
        return file;
    }

    [[nodiscard]] Reply settle_new(const NamePlace &place, const NewFile &made) const
    {
        settle(world_, open_place(place).get(), made);
        return Reply::value();
    }

    const FakeWorld &world_;
};

} // namespace

void fake_creation(Dispatch &dispatch, const FakeWorld &world)
{
    FakeCreation{world}.add_to(dispatch);
}

} // namespace mica::sandbox
