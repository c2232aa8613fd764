#include "output/disk_files.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "os/check.hh"
#include "os/path_walk.hh"
#include <algorithm>
#include <array>
#include <fcntl.h>
#include <fmt/format.h>
#include <ranges>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

namespace mica::output {

namespace {

using tar::Entry;
using tar::FileType;

constexpr std::size_t buffer_size = std::size_t{256} << 10;
constexpr unsigned special_bits = 07000;
constexpr unsigned set_id_bits = 06000;

void refuse_bad_path(const std::string &path)
{
    for (const auto part : split(path, '/'))
        if (part.empty() || part == "." || part == ".." || part.find('\0') != std::string_view::npos)
            throw Error{ErrorKind::integrity, fmt::format("\"{}\" is not a path inside an image", path)};
}

std::string name_of(const std::string &path)
{
    return std::string{os::split_path(path).name};
}

std::array<timespec, 2> times_of(const Entry &entry)
{
    using namespace std::chrono;
    const auto whole = floor<seconds>(entry.mtime);
    timespec time{};
    time.tv_sec = whole.time_since_epoch().count();
    time.tv_nsec = (entry.mtime - whole).count();
    return {time, time};
}

/// By name in an open directory; the last component's link is not followed.
void set_times(int directory, const std::string &name, const Entry &entry)
{
    const auto times = times_of(entry);
    os::check(::utimensat(directory, name.c_str(), times.data(), AT_SYMLINK_NOFOLLOW),
              [&] { return entry.path; });
}

std::string plural(std::uint64_t count, std::string_view one, std::string_view many)
{
    return fmt::format("{} {}", count, count == 1 ? one : many);
}

} // namespace

std::string Losses::describe() const
{
    std::vector<std::string> parts;
    if (owners > 0)
        parts.push_back("the owners of " + plural(owners, "file", "files"));
    if (devices > 0)
        parts.push_back(plural(devices, "device", "devices"));
    if (attributes > 0)
        parts.push_back(plural(attributes, "extended attribute", "extended attributes"));
    return parts.empty() ? ""
                         : join(parts, ", ") + " could not be written: that needs root (a tar keeps them)";
}

DiskFiles::DiskFiles(Fd root) : root_{std::move(root)}, keeps_owners_{::geteuid() == 0}, buffer_(buffer_size)
{
}

int DiskFiles::parent_of(const std::string &path)
{
    const auto parent = os::split_path(path).parent;
    if (!open_parent_ || open_parent_path_ != parent) {
        open_parent_ = os::open_beneath(root_.get(), parent, O_PATH | O_DIRECTORY);
        open_parent_path_ = parent;
    }
    return open_parent_.get();
}

void DiskFiles::add(const Entry &entry, Source *body)
{
    if (entry.path.empty()) { // the root is there already
        if (entry.type == FileType::directory)
            directories_.push_back(entry);
        return;
    }
    refuse_bad_path(entry.path);
    switch (entry.type) {
    case FileType::directory:
        return make_directory(entry);
    case FileType::regular:
        return make_regular(entry, body);
    case FileType::symlink:
        return make_symlink(entry);
    case FileType::hardlink:
        return make_hardlink(entry);
    case FileType::fifo:
    case FileType::char_device:
    case FileType::block_device:
        return make_node(entry);
    }
}

void DiskFiles::make_directory(const Entry &entry)
{
    os::check(::mkdirat(parent_of(entry.path), name_of(entry.path).c_str(), 0700),
              [&] { return entry.path; });
    directories_.push_back(entry);
}

void DiskFiles::make_regular(const Entry &entry, Source *body)
{
    constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    Fd file{os::check(::openat(parent_of(entry.path), name_of(entry.path).c_str(), flags, 0600),
                      [&] { return entry.path; })};
    std::uint64_t size = 0;
    while (body != nullptr) {
        const auto count = body->read(buffer_);
        if (count == 0)
            break;
        in_context([&] { return entry.path; },
                   [&] { write_all(file.get(), BytesView{buffer_}.first(count)); });
        size += count;
    }
    if (size != entry.size)
        throw Error{ErrorKind::integrity,
                    fmt::format("\"{}\" has {} bytes where {} were promised", entry.path, size, entry.size)};
    set_metadata(file.get(), entry);
    FdSink{std::move(file)}.finish();
}

void DiskFiles::make_symlink(const Entry &entry)
{
    const int parent = parent_of(entry.path);
    const auto name = name_of(entry.path);
    os::check(::symlinkat(entry.link_target.c_str(), parent, name.c_str()), [&] { return entry.path; });
    set_owner(parent, name.c_str(), entry);
    losses_.attributes += entry.xattrs.size();
    set_times(parent, name, entry);
}

void DiskFiles::make_hardlink(const Entry &entry)
{
    refuse_bad_path(entry.link_target);
    const auto target = os::split_path(entry.link_target);
    const auto from = os::open_beneath(root_.get(), target.parent, O_PATH | O_DIRECTORY);
    if (::linkat(from.get(), std::string{target.name}.c_str(), parent_of(entry.path),
                 name_of(entry.path).c_str(), 0) == 0)
        return;
    if (errno == ENOENT && losses_.devices > 0) { // a name of a device that could not be made
        ++losses_.devices;
        return;
    }
    throw system_error(entry.path, errno);
}

void DiskFiles::make_node(const Entry &entry)
{
    const int parent = parent_of(entry.path);
    const auto name = name_of(entry.path);
    const mode_t type = entry.type == FileType::fifo          ? S_IFIFO
                        : entry.type == FileType::char_device ? S_IFCHR
                                                              : S_IFBLK;
    if (::mknodat(parent, name.c_str(), type | 0600, ::makedev(entry.device_major, entry.device_minor)) !=
        0) {
        if (errno != EPERM)
            throw system_error(entry.path, errno);
        ++losses_.devices;
        return;
    }
    set_owner(parent, name.c_str(), entry);
    os::check(::fchmodat(parent, name.c_str(), entry.mode & 07777U, 0), [&] { return entry.path; });
    losses_.attributes += entry.xattrs.size();
    set_times(parent, name, entry);
}

void DiskFiles::set_owner(int fd, const char *name, const Entry &entry)
{
    const int flags = *name == '\0' ? AT_EMPTY_PATH : AT_SYMLINK_NOFOLLOW;
    if (keeps_owners_ && ::fchownat(fd, name, entry.uid, entry.gid, flags) == 0)
        return;
    if (keeps_owners_ && errno != EPERM && errno != EINVAL) // EINVAL: an id that this user namespace has not
        throw system_error(entry.path, errno);
    if (entry.uid != ::geteuid() || entry.gid != ::getegid())
        ++losses_.owners;
}

void DiskFiles::set_attributes(int fd, const Entry &entry)
{
    for (const auto &[name, value] : entry.xattrs)
        if (::fsetxattr(fd, name.c_str(), value.data(), value.size(), 0) != 0) {
            if (errno == ENOSPC || errno == EDQUOT)
                throw system_error(entry.path, errno);
            ++losses_.attributes;
        }
}

/// A change of owner clears set-id bits and capabilities, so the owner is first. And without the owner these
/// bits would give away the rights of who runs mica.
void DiskFiles::set_metadata(int fd, const Entry &entry)
{
    const auto lost_before = losses_.owners;
    set_owner(fd, "", entry);
    const bool owner_kept = losses_.owners == lost_before;
    const auto mode =
        entry.mode & (owner_kept ? 0777U | special_bits : 0777U | (special_bits & ~set_id_bits));
    os::check(::fchmod(fd, mode), [&] { return entry.path; });
    set_attributes(fd, entry);
    const auto times = times_of(entry);
    os::check(::futimens(fd, times.data()), [&] { return entry.path; });
}

void DiskFiles::finish_directories(int root, bool with_root)
{
    for (const auto &entry : std::views::reverse(directories_)) {
        if (entry.path.empty() && !with_root)
            continue;
        const auto directory = os::open_beneath(root, entry.path, O_RDONLY | O_DIRECTORY);
        set_metadata(directory.get(), entry);
    }
    directories_.clear();
}

} // namespace mica::output
