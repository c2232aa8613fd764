#include "sandbox/entry_writer.hh"

#include "base/error.hh"
#include "io/fd.hh"
#include "os/check.hh"
#include "os/path_walk.hh"
#include "os/xattr.hh"
#include "sandbox/overlay_form.hh"
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include <utility>

namespace mica::sandbox {
namespace {

/// What the kernel shows for an id that a user namespace has no number for.
constexpr unsigned overflow_id = 65534;

mode_t special_type(tar::FileType type)
{
    switch (type) {
    case tar::FileType::fifo:
        return S_IFIFO;
    case tar::FileType::char_device:
        return S_IFCHR;
    case tar::FileType::block_device:
        return S_IFBLK;
    default:
        throw Error{ErrorKind::internal, "not a special file"};
    }
}

void copy_body(Source &body, int file)
{
    std::array<std::byte, std::size_t{64} * 1024> buffer;
    while (const std::size_t count = body.read(buffer))
        write_all(file, std::span{buffer}.first(count));
}

} // namespace

std::optional<struct stat> status_of(int directory, const std::string &name)
{
    struct stat status{};
    if (::fstatat(directory, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0)
        return status;
    if (errno == ENOENT)
        return std::nullopt;
    throw system_error(name, errno);
}

void set_times(const DirectoryPlace &place, Time mtime)
{
    const std::array<timespec, 2> times{to_timespec(mtime), to_timespec(mtime)};
    os::check(::utimensat(place.directory, place.name.c_str(), times.data(), AT_SYMLINK_NOFOLLOW),
              [&] { return fmt::format("set the times of {}", place.name); });
}

void EntryWriter::make(const tar::Entry &entry, const DirectoryPlace &place, Source *body)
{
    if (entry.type == tar::FileType::regular)
        make_file(entry, place, body);
    else
        make_special(entry, place);
    set_metadata(entry, place);
}

void EntryWriter::make_file(const tar::Entry &entry, const DirectoryPlace &place, Source *body)
{
    constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    const Fd file{os::check(::openat(place.directory, place.name.c_str(), flags, 0600),
                            [&] { return fmt::format("make {}", entry.path); })};
    if (body != nullptr)
        in_context([&] { return fmt::format("write {}", entry.path); },
                   [&] { copy_body(*body, file.get()); });
}

void EntryWriter::make_special(const tar::Entry &entry, const DirectoryPlace &place)
{
    const auto failed = [&] { return fmt::format("make {}", entry.path); };
    if (entry.type == tar::FileType::symlink) {
        os::check(::symlinkat(entry.link_target.c_str(), place.directory, place.name.c_str()), failed);
        return;
    }
    const dev_t device = ::makedev(entry.device_major, entry.device_minor);
    const mode_t type = special_type(entry.type);
    if (records_ != nullptr && type != S_IFIFO) {
        os::check(::mknodat(place.directory, place.name.c_str(), S_IFREG | 0600, 0), failed);
        return;
    }
    if (::mknodat(place.directory, place.name.c_str(), type | 0600, type == S_IFIFO ? 0 : device) == 0)
        return;
    if (errno != EPERM || type == S_IFIFO)
        throw system_error(failed(), errno);
    os::check(::mknodat(place.directory, place.name.c_str(), S_IFREG | 0600, 0), failed);
    ++approximated_;
}

void EntryWriter::set_metadata(const tar::Entry &entry, const DirectoryPlace &place)
{
    if (records_ != nullptr)
        return record(entry, place);
    set_owner(entry, place);
    // The mode after the owner: chown takes setuid bits away.
    if (entry.type != tar::FileType::symlink)
        os::check(::fchmodat(place.directory, place.name.c_str(), entry.mode, 0),
                  [&] { return fmt::format("set the mode of {}", entry.path); });
    if (!entry.xattrs.empty())
        set_attributes(entry, os::fd_path(place.directory, place.name));
    if (entry.type != tar::FileType::directory)
        set_times(place, entry.mtime);
}

/// The mode on disk always lets us in; the setgid bit is taken away from who is not in the group.
void EntryWriter::record(const tar::Entry &entry, const DirectoryPlace &place)
{
    const auto failed = [&] { return fmt::format("set the mode of {}", entry.path); };
    const bool is_directory = entry.type == tar::FileType::directory;
    if (entry.type != tar::FileType::symlink)
        os::check(
            ::fchmodat(place.directory, place.name.c_str(), entry.mode | (is_directory ? 0700U : 0600U), 0),
            failed);
    struct statx status{};
    os::check(::statx(place.directory, place.name.c_str(), AT_SYMLINK_NOFOLLOW, record_mask, &status),
              failed);
    FileRecord made;
    made.uid = entry.uid;
    made.gid = entry.gid;
    if (entry.type != tar::FileType::symlink && (status.stx_mode & 07777U) != (entry.mode & 07777U))
        made.mode = entry.mode & 07777U;
    if (entry.type == tar::FileType::char_device || entry.type == tar::FileType::block_device) {
        made.device_type = special_type(entry.type);
        made.major = entry.device_major;
        made.minor = entry.device_minor;
    }
    auto others = entry;
    others.xattrs.clear();
    for (const auto &[name, value] : entry.xattrs)
        (name.starts_with("user.") ? others.xattrs : made.xattrs)[name] = value;
    if (!made.empty() || records_->find(key_of(status)))
        records_->change(key_of(status), [&](FileRecord &known) { known = std::move(made); });
    if (!others.xattrs.empty())
        set_attributes(others, os::fd_path(place.directory, place.name));
    if (!is_directory)
        set_times(place, entry.mtime);
}

void EntryWriter::set_owner(const tar::Entry &entry, const DirectoryPlace &place)
{
    const auto change = [&](unsigned uid, unsigned gid) {
        return ::fchownat(place.directory, place.name.c_str(), uid, gid, AT_SYMLINK_NOFOLLOW) == 0;
    };
    if (change(entry.uid, entry.gid))
        return;
    if (errno != EINVAL || !in_user_namespace_)
        throw system_error(fmt::format("set the owner of {}", entry.path), errno);
    ++approximated_;
    if (!change(entry.uid, overflow_id) && !change(overflow_id, entry.gid))
        (void)change(overflow_id, overflow_id);
}

void EntryWriter::set_attributes(const tar::Entry &entry, const std::string &path)
{
    for (const auto &[name, value] : entry.xattrs) {
        if (is_overlay_attribute(name))
            continue;
        const int error_number = os::set_xattr(path, name, value);
        // Labels and trusted.* of another system: the tree keeps them, the disk need not.
        const bool may_be_lost = error_number == ENOTSUP || error_number == EPERM;
        if (error_number != 0 && !(may_be_lost && name != "security.capability"))
            throw system_error(fmt::format("set the attribute {} of {}", name, entry.path), error_number);
    }
}

} // namespace mica::sandbox
