#include "sandbox/step_changes.hh"

#include <chrono>
#include <utility>

// Reading changes off an overlay
//
// Overlayfs collects everything that a command wrote in the upper directory, so that a RUN costs
// what it changes, however large the image is. But the upper directory says what overlayfs needs,
// which is not quite what changed:
//
// - A directory is copied up whenever something below it is written, or mounted on. It is
//   a change only if its own metadata differ from before. Its time may legitimately differ from the
//   tree's in one way: the tree has what the earlier layer's tar says (whole seconds, clamped for a
//   reproducible build), the disk what the earlier command really left. Both count as "as before".
//   The root directory's time means nothing to anybody; Docker has no entry for it at all.
// - A regular file is copied up when it is opened for writing, changed or not. It is emitted:
//   telling would mean to read it, and Docker emits it too.
// - A directory made by the command in a directory that lower layers have is marked opaque by the
//   kernel whether or not anything lay there before (71 marks in one apt-get install). An opaque mark
//   in a layer says "forget what was here": it is emitted only if the tree has something below.
// - A whiteout is emitted only for what the tree has. (A file that came and went within the step
//   leaves none.)
// - In a user namespace a device of a lower layer is an empty file on disk, and an id that the
//   namespace cannot have is the overflow id. Where the tree knows better, the tree is right.
// - A name of a hard link group that was not written keeps the old inode; with the index off, the
//   kernel breaks the group on copy-up. What is linked within the upper directory is emitted so.

namespace mica::sandbox {
namespace {

using layer::Change;
using layer::Inode;

constexpr std::uint32_t overflow_id = 65534;

Time to_time(std::int64_t nanoseconds)
{
    return Time{std::chrono::nanoseconds{nanoseconds}};
}

bool same_second(Time a, Time b)
{
    return std::chrono::floor<std::chrono::seconds>(a) == std::chrono::floor<std::chrono::seconds>(b);
}

Change mark(Change::Kind kind, std::string path)
{
    Change change;
    change.kind = kind;
    change.entry.path = std::move(path);
    return change;
}

tar::Entry to_tar_entry(UpperEntry &&from)
{
    tar::Entry entry;
    entry.path = std::move(from.path);
    entry.type = from.type;
    entry.mode = from.mode;
    entry.uid = from.uid;
    entry.gid = from.gid;
    entry.size = from.size;
    entry.mtime = to_time(from.mtime);
    entry.link_target = std::move(from.link_target);
    entry.xattrs = std::move(from.xattrs);
    entry.device_major = from.device_major;
    entry.device_minor = from.device_minor;
    return entry;
}

bool is_device(tar::FileType type)
{
    return type == tar::FileType::char_device || type == tar::FileType::block_device;
}

/// Undoes the stand-ins of a user namespace (extractor.hh).
void restore_from(const Inode &before, UpperEntry &entry)
{
    if (entry.uid == overflow_id && before.uid > overflow_id)
        entry.uid = before.uid;
    if (entry.gid == overflow_id && before.gid > overflow_id)
        entry.gid = before.gid;
    if (is_device(before.type) && entry.type == tar::FileType::regular && entry.size == 0) {
        entry.type = before.type;
        entry.device_major = before.device_major;
        entry.device_minor = before.device_minor;
    }
}

bool unchanged_directory(const UpperEntry &entry, const Inode &before)
{
    if (before.type != tar::FileType::directory || entry.mode != before.mode || entry.uid != before.uid ||
        entry.gid != before.gid || entry.xattrs != before.xattrs)
        return false;
    return entry.path.empty() || same_second(to_time(entry.mtime), before.mtime) ||
           entry.mtime == entry.earlier_mtime;
}

void add_directory(UpperEntry &&entry, const Inode *inode, const layer::FileTree &before,
                   std::vector<Change> &changes)
{
    const bool hides = entry.opaque && inode != nullptr && inode->type == tar::FileType::directory &&
                       !before.children(entry.path).empty();
    const bool unchanged = inode != nullptr && unchanged_directory(entry, *inode);
    const std::string path = entry.path;
    // An opaque mark needs its directory's entry: readers of layers differ in what they make of one without.
    if (!unchanged || hides)
        changes.push_back({Change::Kind::upsert, to_tar_entry(std::move(entry)), nullptr});
    if (hides)
        changes.push_back(mark(Change::Kind::opaque, path));
}

} // namespace

std::vector<Change> step_changes(std::vector<UpperEntry> entries, const layer::FileTree &before,
                                 const OpenUpper &content)
{
    std::vector<Change> changes;
    for (auto &entry : entries) {
        const auto inode = before.find(entry.path);
        if (entry.kind == UpperEntry::Kind::whiteout) {
            if (inode)
                changes.push_back(mark(Change::Kind::remove, std::move(entry.path)));
            continue;
        }
        if (inode)
            restore_from(*inode, entry);
        if (entry.type == tar::FileType::directory) {
            add_directory(std::move(entry), inode.get(), before, changes);
            continue;
        }
        auto bytes = entry.type == tar::FileType::regular && entry.size > 0 ? content(entry.path) : nullptr;
        changes.push_back({Change::Kind::upsert, to_tar_entry(std::move(entry)), std::move(bytes)});
    }
    return changes;
}

} // namespace mica::sandbox
