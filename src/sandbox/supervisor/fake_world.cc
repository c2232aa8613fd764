#include "sandbox/supervisor/fake_world.hh"

#include "sandbox/supervisor/reply.hh"
#include <cerrno>
#include <unistd.h>

namespace mica::sandbox {

struct statx FakeWorld::look(int file) const
{
    auto status = status_of_file(file);
    records_.show(status);
    return status;
}

bool FakeWorld::may(const Credentials &who, const struct statx &shown, unsigned wanted)
{
    const unsigned mode = shown.stx_mode;
    if (who.rules_files())
        return (wanted & X_OK) == 0 || S_ISDIR(mode) || (mode & 0111U) != 0;
    unsigned granted = mode;
    if (shown.stx_uid == who.user.filesystem)
        granted = mode >> 6U;
    else if (who.in_group(shown.stx_gid))
        granted = mode >> 3U;
    return (wanted & ~granted & 7U) == 0;
}

void FakeWorld::require_writable(const Credentials &who, int directory) const
{
    if (!who.rules_files() && !may(who, look(directory), W_OK | X_OK))
        throw CallFailed{EACCES};
}

void FakeWorld::require_owner(const Credentials &who, const struct statx &shown)
{
    if (!who.rules_files() && shown.stx_uid != who.user.filesystem)
        throw CallFailed{EPERM};
}

NewFile new_file(const Credentials &who, const struct statx &shown_parent, std::uint32_t mode)
{
    NewFile made{who.user.filesystem, who.group.filesystem, mode};
    if ((shown_parent.stx_mode & S_ISGID) != 0) {
        made.gid = shown_parent.stx_gid;
        if (S_ISDIR(mode))
            made.mode |= S_ISGID;
    }
    return made;
}

std::uint32_t mode_on_disk(std::uint32_t mode)
{
    return (mode & 07777U) | (S_ISDIR(mode) ? 0700U : 0600U);
}

void set_mode(const FakeWorld &world, int file, std::uint32_t mode)
{
    const auto before = status_of_file(file);
    mode = (before.stx_mode & S_IFMT) | (mode & 07777U);
    if (::chmod(own_link(file).c_str(), mode_on_disk(mode)) != 0)
        throw CallFailed{errno};
    const bool exact = (status_of_file(file).stx_mode & 07777U) == (mode & 07777U);
    const auto known = world.records().find(key_of(before));
    if (exact && !(known && known->mode))
        return;
    world.records().change(key_of(before), [&](FileRecord &record) {
        record.mode = exact ? std::nullopt : std::optional{mode & 07777U};
    });
}

void settle(const FakeWorld &world, int file, const NewFile &what)
{
    const auto status = status_of_file(file);
    if (what.uid != 0 || what.gid != 0)
        world.records().change(key_of(status), [&](FileRecord &record) {
            record.uid = what.uid;
            record.gid = what.gid;
        });
    if (!S_ISLNK(status.stx_mode) && (status.stx_mode & 07777U) != (what.mode & 07777U))
        set_mode(world, file, what.mode);
}

void touch(int file)
{
    if (::fchownat(file, "", static_cast<uid_t>(-1), static_cast<gid_t>(-1), AT_EMPTY_PATH) != 0)
        throw CallFailed{errno};
}

} // namespace mica::sandbox
