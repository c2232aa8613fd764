#include "sandbox/entry_reader.hh"

#include "os/check.hh"
#include "os/path_walk.hh"
#include "os/xattr.hh"
#include "sandbox/device_mark.hh"
#include <array>
#include <climits>
#include <fcntl.h>
#include <sys/sysmacros.h>
#include <unistd.h>

namespace mica::sandbox {
namespace {

/// Attributes that belong to an image. Labels of this machine's security modules and POSIX
/// ACLs (whose numbers are this machine's) do not; Docker's layers leave them out as well.
bool belongs_to_image(std::string_view name)
{
    if (is_overlay_attribute(name))
        return false;
    return name == "security.capability" || name.starts_with("user.") || name.starts_with("trusted.");
}

} // namespace

std::int64_t nanoseconds(const timespec &time)
{
    return to_time(time).time_since_epoch().count();
}

UpperEntry EntryReader::read(int parent, const std::string &name, const std::string &path,
                             const struct stat &status)
{
    UpperEntry found;
    found.path = path;
    found.mode = status.st_mode & 07777U;
    found.uid = status.st_uid;
    found.gid = status.st_gid;
    found.mtime = nanoseconds(status.st_mtim);
    set_type(found, parent, name, status);
    const bool is_link = found.type == tar::FileType::hardlink;
    if (is_link && records_ == nullptr)
        return found;
    if (is_link) {
        correct(found, parent, name);
        found.xattrs.clear();
        return found;
    }
    found.xattrs = os::read_xattrs(os::fd_path(parent, name));
    if (found.type == tar::FileType::directory) {
        const auto opaque = found.xattrs.find(opaque_attribute(form_));
        found.opaque = opaque != found.xattrs.end() && opaque->second == "y";
    }
    if (records_ != nullptr)
        correct(found, parent, name);
    else if (form_ == OverlayForm::user)
        unmask_device(found);
    std::erase_if(found.xattrs, [](const auto &xattr) { return !belongs_to_image(xattr.first); });
    return found;
}

/// What the disk could not have.
void EntryReader::correct(UpperEntry &found, int parent, const std::string &name) const
{
    struct statx status{};
    os::check(::statx(parent, name.c_str(), AT_SYMLINK_NOFOLLOW, record_mask, &status), found.path);
    const auto known = records_->find(key_of(status)).value_or(FileRecord{});
    found.uid = known.uid;
    found.gid = known.gid;
    found.mode = known.mode.value_or(found.mode);
    if (known.device_type != 0 && found.type == tar::FileType::regular) {
        found.type = S_ISCHR(known.device_type) ? tar::FileType::char_device : tar::FileType::block_device;
        found.size = 0;
        found.device_major = known.major;
        found.device_minor = known.minor;
    }
    for (const auto &[attribute, value] : known.xattrs)
        found.xattrs[attribute] = value;
}

/// See device_mark.hh.
void EntryReader::unmask_device(UpperEntry &found)
{
    const auto mark = found.xattrs.extract(device_attribute);
    if (!mark || found.type != tar::FileType::regular || found.size != 0)
        return;
    if (const auto device = parse_device_text(mark.mapped())) {
        found.type = S_ISCHR(device->type) ? tar::FileType::char_device : tar::FileType::block_device;
        found.device_major = device->major;
        found.device_minor = device->minor;
    }
}

void EntryReader::set_type(UpperEntry &found, int parent, const std::string &name, const struct stat &status)
{
    if (!S_ISDIR(status.st_mode) && status.st_nlink > 1) {
        const auto [first, is_first] =
            first_names_.emplace(std::pair{status.st_dev, status.st_ino}, found.path);
        if (!is_first) {
            found.type = tar::FileType::hardlink;
            found.link_target = first->second;
            return;
        }
    }
    switch (status.st_mode & S_IFMT) {
    case S_IFREG:
        found.type = tar::FileType::regular;
        found.size = static_cast<std::uint64_t>(status.st_size);
        return;
    case S_IFDIR:
        found.type = tar::FileType::directory;
        return;
    case S_IFIFO:
        found.type = tar::FileType::fifo;
        return;
    case S_IFLNK: {
        std::array<char, PATH_MAX> text{};
        const auto size = os::check(::readlinkat(parent, name.c_str(), text.data(), text.size()), found.path);
        found.type = tar::FileType::symlink;
        found.link_target.assign(text.data(), static_cast<std::size_t>(size));
        return;
    }
    default:
        found.type = S_ISCHR(status.st_mode) ? tar::FileType::char_device : tar::FileType::block_device;
        found.device_major = major(status.st_rdev);
        found.device_minor = minor(status.st_rdev);
    }
}

} // namespace mica::sandbox
