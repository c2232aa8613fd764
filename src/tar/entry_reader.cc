#include "tar/entry_reader.hh"

#include "base/error.hh"
#include "tar/path.hh"
#include <algorithm>
#include <archive.h>
#include <archive_entry.h>
#include <chrono>
#include <fmt/format.h>
#include <limits>
#include <string_view>

namespace mica::tar {

namespace {

std::string_view text_or_empty(const char *text)
{
    return text != nullptr ? std::string_view{text} : std::string_view{};
}

std::uint32_t to_id(la_int64_t value, const char *what)
{
    if (value < 0 || value > std::numeric_limits<std::uint32_t>::max())
        throw Error{ErrorKind::integrity, fmt::format("{} {} is out of range", what, value)};
    return static_cast<std::uint32_t>(value);
}

Time to_time(la_int64_t seconds, long nanoseconds)
{
    constexpr la_int64_t limit = std::numeric_limits<std::int64_t>::max() / 1'000'000'000 - 1;
    const std::chrono::seconds whole{std::clamp(seconds, -limit, limit)};
    return Time{whole + std::chrono::nanoseconds{std::clamp(nanoseconds, 0L, 999'999'999L)}};
}

FileType to_type(archive_entry *raw)
{
    switch (archive_entry_filetype(raw)) {
    case AE_IFREG:
        return FileType::regular;
    case AE_IFDIR:
        return FileType::directory;
    case AE_IFLNK:
        return FileType::symlink;
    case AE_IFIFO:
        return FileType::fifo;
    case AE_IFCHR:
        return FileType::char_device;
    case AE_IFBLK:
        return FileType::block_device;
    default:
        throw Error{ErrorKind::unsupported, "an entry is of a type that a file system tree cannot have"};
    }
}

void read_links(archive_entry *raw, Entry &entry)
{
    if (const char *target = archive_entry_hardlink(raw)) {
        entry.type = FileType::hardlink;
        entry.link_target = clean_path(target);
        if (entry.link_target.empty())
            throw Error{ErrorKind::integrity, "a hard link has no target"};
        return;
    }
    entry.type = to_type(raw);
    if (entry.type != FileType::symlink)
        return;
    entry.link_target = text_or_empty(archive_entry_symlink(raw));
    if (entry.link_target.empty() || entry.link_target.size() > max_path_length)
        throw Error{ErrorKind::integrity,
                    fmt::format("a symbolic link's text has {} bytes", entry.link_target.size())};
}

void read_numbers(archive_entry *raw, Entry &entry)
{
    entry.mode = static_cast<std::uint32_t>(archive_entry_perm(raw)) & 07777U;
    entry.uid = to_id(archive_entry_uid(raw), "user id");
    entry.gid = to_id(archive_entry_gid(raw), "group id");
    if (archive_entry_mtime_is_set(raw) != 0)
        entry.mtime = to_time(archive_entry_mtime(raw), archive_entry_mtime_nsec(raw));
    if (entry.type == FileType::regular) {
        if (archive_entry_size(raw) < 0)
            throw Error{ErrorKind::integrity, "the size is negative"};
        entry.size = static_cast<std::uint64_t>(archive_entry_size(raw));
    }
    if (entry.type == FileType::char_device || entry.type == FileType::block_device) {
        entry.device_major = static_cast<std::uint32_t>(archive_entry_rdevmajor(raw));
        entry.device_minor = static_cast<std::uint32_t>(archive_entry_rdevminor(raw));
    }
}

void read_xattrs(archive_entry *raw, Entry &entry)
{
    archive_entry_xattr_reset(raw);
    const char *name = nullptr;
    const void *value = nullptr;
    std::size_t size = 0;
    while (archive_entry_xattr_next(raw, &name, &value, &size) == ARCHIVE_OK)
        entry.xattrs.insert_or_assign(name, std::string{static_cast<const char *>(value), size});
}

} // namespace

Entry to_entry(archive_entry *raw)
{
    const auto name = text_or_empty(archive_entry_pathname(raw));
    return in_context([&] { return fmt::format("entry '{}' of the archive", name.substr(0, 256)); },
                      [&] {
                          Entry entry;
                          entry.path = clean_path(name);
                          read_links(raw, entry);
                          if (name.empty() || (entry.path.empty() && entry.type != FileType::directory))
                              throw Error{ErrorKind::integrity, "the entry has no name"};
                          read_numbers(raw, entry);
                          read_xattrs(raw, entry);
                          return entry;
                      });
}

} // namespace mica::tar
