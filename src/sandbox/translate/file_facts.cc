#include "sandbox/translate/file_facts.hh"

#include "sandbox/supervisor/reply.hh"
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <optional>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

namespace mica::sandbox {
namespace {

/// Access time, modification time; none: both now.
using Times = std::optional<std::array<timespec, 2>>;

/// How a call gives two times: their unit, and the width of their numbers.
struct TimeForm {
    long units_per_second = 1'000'000'000;
    bool narrow = false;
};

Times load_times(const SystemCall &call, std::uint64_t address, const TimeForm &form)
{
    if (address == 0)
        return std::nullopt;
    const auto number = [&](unsigned index) {
        return form.narrow ? std::int64_t{call.load<std::int32_t>(address + 4 * std::uint64_t{index})}
                           : call.load<std::int64_t>(address + 8 * std::uint64_t{index});
    };
    std::array<timespec, 2> times{};
    for (unsigned i = 0; i < times.size(); ++i) {
        const auto fraction = form.units_per_second == 1 ? 0 : number(2 * i + 1);
        times.at(i).tv_sec = number(form.units_per_second == 1 ? i : 2 * i);
        times.at(i).tv_nsec = fraction;
        if (form.units_per_second == 1'000'000) {
            if (fraction < 0 || fraction >= form.units_per_second)
                throw CallFailed{EINVAL};
            times.at(i).tv_nsec = fraction * 1000;
        }
    }
    return times;
}

class FileFacts {
public:
    explicit FileFacts(const FileWorld &world) : world_{world} {}

    void add_to(Dispatch &dispatch) const
    {
        add_access(dispatch);
        add_times(dispatch);
        for (const Abi abi : machine_abis())
            add_sizes(dispatch, abi);
    }

private:
    void add_access(Dispatch &dispatch) const
    {
        dispatch.on("access", [*this](SystemCall &call) {
            return access(call, {AT_FDCWD, call.text(0)}, call.integer(1), 0);
        });
        dispatch.on("faccessat", [*this](SystemCall &call) {
            return access(call, {call.integer(0), call.text(1)}, call.integer(2), 0);
        });
        dispatch.on("faccessat2", [*this](SystemCall &call) {
            const unsigned flags = call.word(3);
            return access(call,
                          {call.integer(0), call.text(1), (flags & AT_SYMLINK_NOFOLLOW) == 0,
                           (flags & AT_EMPTY_PATH) != 0},
                          call.integer(2), flags);
        });
    }

    void add_times(Dispatch &dispatch) const
    {
        for (const Abi abi : machine_abis()) {
            const bool narrow = is_narrow(abi);
            add_time_call(dispatch, abi, "utime", {1, narrow});
            add_time_call(dispatch, abi, "utimes", {1'000'000, narrow});
            dispatch.on(abi, "futimesat", [*this, narrow](SystemCall &call) {
                return set_times(call, {call.integer(0), call.text(1)},
                                 load_times(call, call.argument(2), {1'000'000, narrow}));
            });
            add_utimensat(dispatch, abi, "utimensat", narrow);
            add_utimensat(dispatch, abi, "utimensat_time64", false);
        }
    }

    void add_time_call(Dispatch &dispatch, Abi abi, const char *name, TimeForm form) const
    {
        dispatch.on(abi, name, [*this, form](SystemCall &call) {
            return set_times(call, {AT_FDCWD, call.text(0)}, load_times(call, call.argument(1), form));
        });
    }

    void add_utimensat(Dispatch &dispatch, Abi abi, const char *name, bool narrow) const
    {
        dispatch.on(abi, name, [*this, narrow](SystemCall &call) {
            if (call.argument(1) == 0)
                return Reply::go_on(); // futimens(3): a descriptor
            const unsigned flags = call.word(3);
            return set_times(call,
                             {call.integer(0), call.text(1), (flags & AT_SYMLINK_NOFOLLOW) == 0,
                              (flags & AT_EMPTY_PATH) != 0},
                             load_times(call, call.argument(2), {1'000'000'000, narrow}));
        });
    }

    void add_sizes(Dispatch &dispatch, Abi abi) const
    {
        dispatch.on(abi, "truncate", [*this, abi](SystemCall &call) {
            return truncate(call, is_narrow(abi) ? std::int64_t{call.integer(1)}
                                                 : static_cast<std::int64_t>(call.argument(1)));
        });
        // ARM begins numbers of eight bytes in registers with an even number.
        const unsigned low = abi == Abi::arm ? 2 : 1;
        dispatch.on(abi, "truncate64", [*this, low](SystemCall &call) {
            return truncate(
                call, static_cast<std::int64_t>((std::uint64_t{call.word(low + 1)} << 32U) | call.word(low)));
        });
        if (is_narrow(abi)) {
            dispatch.on(abi, "statfs", [](SystemCall &) { return Reply::error(ENOSYS); });
            dispatch.on(abi, "statfs64", [*this](SystemCall &call) { return narrow_statfs(call); });
        } else {
            dispatch.on(abi, "statfs", [*this](SystemCall &call) {
                call.store(call.argument(1), file_system(call));
                return Reply::value();
            });
        }
    }

    [[nodiscard]] Reply access(const SystemCall &call, const FileName &name, int mode, unsigned flags) const
    {
        if ((mode & ~(R_OK | W_OK | X_OK)) != 0)
            throw CallFailed{EINVAL};
        const auto found = world_.paths.locate(call, name);
        if (found.proc) {
            world_.paths.proc().check_access(*found.proc, mode);
            return Reply::value();
        }
        auto who = world_.fake.caller(call);
        if ((flags & AT_EACCESS) == 0) {
            who.user.filesystem = who.user.real;
            who.group.filesystem = who.group.real;
        }
        const auto shown = world_.fake.look(found.file.get());
        if (mode != F_OK && !FakeWorld::may(who, shown, static_cast<unsigned>(mode)))
            throw CallFailed{EACCES};
        return Reply::value();
    }

    [[nodiscard]] Reply set_times(const SystemCall &call, const FileName &name, const Times &times) const
    {
        const Fd file = world_.paths.find(call, name);
        const auto who = world_.fake.caller(call);
        const auto shown = world_.fake.look(file.get());
        if (times || !FakeWorld::may(who, shown, W_OK))
            FakeWorld::require_owner(who, shown);
        // By its own name: with the empty path that open(2) would need for a link, the kernel must be 5.8.
        const int result =
            S_ISLNK(shown.stx_mode)
                ? ::utimensat(file.get(), "", times ? times->data() : nullptr, AT_EMPTY_PATH)
                : ::utimensat(AT_FDCWD, own_link(file.get()).c_str(), times ? times->data() : nullptr, 0);
        return result < 0 ? Reply::error(errno) : Reply::value();
    }

    [[nodiscard]] Reply truncate(const SystemCall &call, std::int64_t size) const
    {
        const Fd file = world_.paths.find(call, {AT_FDCWD, call.text(0)});
        const auto shown = world_.fake.look(file.get());
        if (!FakeWorld::may(world_.fake.caller(call), shown, W_OK))
            throw CallFailed{EACCES};
        if (S_ISDIR(shown.stx_mode))
            throw CallFailed{EISDIR};
        if (!S_ISREG(shown.stx_mode))
            throw CallFailed{EINVAL};
        return ::truncate(own_link(file.get()).c_str(), size) < 0 ? Reply::error(errno) : Reply::value();
    }

    [[nodiscard]] struct statfs file_system(const SystemCall &call) const
    {
        const Fd file = world_.paths.find(call, {AT_FDCWD, call.text(0)});
        struct statfs answer{};
        if (::fstatfs(file.get(), &answer) != 0)
            throw CallFailed{errno};
        return answer;
    }

    /// struct statfs64 of 32-bit ABIs, which is packed.
    [[nodiscard]] Reply narrow_statfs(const SystemCall &call) const
    {
        const auto from = file_system(call);
        std::vector<std::byte> bytes;
        const auto put = [&](auto value) {
            const auto raw = std::as_bytes(std::span{&value, 1});
            bytes.insert(bytes.end(), raw.begin(), raw.end());
        };
        put(static_cast<std::uint32_t>(from.f_type));
        put(static_cast<std::uint32_t>(from.f_bsize));
        for (const auto value : {from.f_blocks, from.f_bfree, from.f_bavail, from.f_files, from.f_ffree})
            put(std::uint64_t{value});
        put(from.f_fsid);
        put(static_cast<std::uint32_t>(from.f_namelen));
        put(static_cast<std::uint32_t>(from.f_frsize));
        put(static_cast<std::uint32_t>(from.f_flags));
        bytes.resize(bytes.size() + 4 * sizeof(std::uint32_t));
        if (bytes.size() != call.argument(1))
            throw CallFailed{EINVAL};
        call.write(call.argument(2), bytes);
        return Reply::value();
    }

    FileWorld world_;
};

} // namespace

void translate_facts(Dispatch &dispatch, const FileWorld &world)
{
    FileFacts{world}.add_to(dispatch);
}

} // namespace mica::sandbox
