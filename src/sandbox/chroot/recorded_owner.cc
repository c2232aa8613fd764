#include "sandbox/chroot/recorded_owner.hh"

#include "os/check.hh"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace mica::sandbox {

void set_owner(const std::filesystem::path &path, const OwnerAndMode &wanted, FileRecords *records)
{
    if (records == nullptr) {
        os::check(::chown(path.c_str(), wanted.uid, wanted.gid), path.native());
        os::check(::chmod(path.c_str(), wanted.mode), path.native());
        return;
    }
    constexpr unsigned ours = 0600;
    os::check(::chmod(path.c_str(), wanted.mode | ours), path.native());
    struct statx status{};
    os::check(::statx(AT_FDCWD, path.c_str(), AT_SYMLINK_NOFOLLOW, record_mask, &status), path.native());
    records->change(key_of(status), [&](FileRecord &record) {
        record.uid = wanted.uid;
        record.gid = wanted.gid;
        record.mode = wanted.mode;
    });
}

} // namespace mica::sandbox
