#include "sandbox/supervisor/fake_owner.hh"

#include <cerrno>
#include <fcntl.h>
#include <string>

namespace mica::sandbox {
namespace {

constexpr std::uint32_t unchanged = ~std::uint32_t{0};

/// As the kernel does for every change of owner, even by root.
void lose_privileges(FileRecord &record, std::uint32_t type)
{
    if (S_ISDIR(type))
        return;
    if (record.mode) {
        *record.mode &= ~std::uint32_t{S_ISUID};
        if ((*record.mode & S_IXGRP) != 0)
            *record.mode &= ~std::uint32_t{S_ISGID};
    }
    record.xattrs.erase("security.capability");
}

class FakeOwner {
public:
    explicit FakeOwner(const FakeWorld &world) : world_{world} {}

    void add_to(Dispatch &dispatch) const
    {
        add_chown(dispatch);
        dispatch.on("chmod", [*this](SystemCall &call) {
            return change_mode(call, {AT_FDCWD, call.text(0)}, call.word(1));
        });
        dispatch.on("fchmod", [*this](SystemCall &call) {
            return change_mode(call, {call.integer(0), {}, true, true}, call.word(1));
        });
        dispatch.on("fchmodat", [*this](SystemCall &call) {
            return change_mode(call, {call.integer(0), call.text(1)}, call.word(2));
        });
        dispatch.on("fchmodat2", [*this](SystemCall &call) {
            const unsigned flags = call.word(3);
            return change_mode(call,
                               {call.integer(0), call.text(1), (flags & AT_SYMLINK_NOFOLLOW) == 0,
                                (flags & AT_EMPTY_PATH) != 0},
                               call.word(2));
        });
    }

private:
    void add_chown(Dispatch &dispatch) const
    {
        for (const Abi abi : machine_abis()) {
            add_chown(dispatch, abi, "", is_narrow(abi));
            add_chown(dispatch, abi, "32", false);
        }
        dispatch.on("fchownat", [*this](SystemCall &call) {
            const unsigned flags = call.word(4);
            return change_owner(call,
                                {call.integer(0), call.text(1), (flags & AT_SYMLINK_NOFOLLOW) == 0,
                                 (flags & AT_EMPTY_PATH) != 0},
                                call.word(2), call.word(3));
        });
    }

    void add_chown(Dispatch &dispatch, Abi abi, const std::string &suffix, bool half) const
    {
        const auto id = [half](const SystemCall &call, unsigned index) {
            const auto value = call.word(index);
            if (!half)
                return value;
            return (value & 0xffffU) == 0xffffU ? unchanged : value & 0xffffU;
        };
        dispatch.on(abi, "chown" + suffix, [*this, id](SystemCall &call) {
            return change_owner(call, {AT_FDCWD, call.text(0)}, id(call, 1), id(call, 2));
        });
        dispatch.on(abi, "lchown" + suffix, [*this, id](SystemCall &call) {
            return change_owner(call, {AT_FDCWD, call.text(0), false}, id(call, 1), id(call, 2));
        });
        dispatch.on(abi, "fchown" + suffix, [*this, id](SystemCall &call) {
            return change_owner(call, {call.integer(0), {}, true, true}, id(call, 1), id(call, 2));
        });
    }

    [[nodiscard]] Reply change_owner(const SystemCall &call, const FileName &name, std::uint32_t uid,
                                     std::uint32_t gid) const
    {
        const Fd file = world_.paths().find(call, name);
        const auto who = world_.caller(call);
        const auto shown = world_.look(file.get());
        if (!who.rules_files()) {
            FakeWorld::require_owner(who, shown);
            if ((uid != unchanged && uid != shown.stx_uid) ||
                (gid != unchanged && gid != shown.stx_gid && !who.in_group(gid)))
                return Reply::error(EPERM);
        }
        touch(file.get());
        world_.records().change(key_of(status_of_file(file.get())), [&](FileRecord &record) {
            if (uid != unchanged)
                record.uid = uid;
            if (gid != unchanged)
                record.gid = gid;
            lose_privileges(record, shown.stx_mode);
        });
        return Reply::value();
    }

    [[nodiscard]] Reply change_mode(const SystemCall &call, const FileName &name, std::uint32_t mode) const
    {
        const Fd file = world_.paths().find(call, name);
        const auto who = world_.caller(call);
        const auto shown = world_.look(file.get());
        if (S_ISLNK(shown.stx_mode))
            return Reply::error(EOPNOTSUPP);
        FakeWorld::require_owner(who, shown);
        if (!who.rules_files() && !who.in_group(shown.stx_gid))
            mode &= ~std::uint32_t{S_ISGID};
        set_mode(world_, file.get(), mode);
        return Reply::value();
    }

    const FakeWorld &world_;
};

} // namespace

void fake_owner(Dispatch &dispatch, const FakeWorld &world)
{
    FakeOwner{world}.add_to(dispatch);
}

} // namespace mica::sandbox
