#include "sandbox/supervisor/file_records.hh"

#include "sandbox/wire.hh"
#include <algorithm>

namespace mica::sandbox {
namespace {

/// A record on its way between processes.
struct Line {
    FileKey key;
    FileRecord record;
};

template <class Archive> void describe(Archive &archive, FileKey &key)
{
    archive(key.device, key.inode, key.born);
}
template <class Archive> void describe(Archive &archive, FileRecord &record)
{
    archive(record.uid, record.gid, record.mode, record.device_type, record.major, record.minor,
            record.xattrs);
}
template <class Archive> void describe(Archive &archive, Line &line)
{
    describe(archive, line.key);
    describe(archive, line.record);
}

} // namespace

FileKey key_of(const struct statx &status)
{
    constexpr std::int64_t second = 1'000'000'000;
    const bool known = (status.stx_mask & STATX_BTIME) != 0;
    return {(std::uint64_t{status.stx_dev_major} << 32) | status.stx_dev_minor, status.stx_ino,
            known ? status.stx_btime.tv_sec * second + status.stx_btime.tv_nsec : 0};
}

std::optional<FileRecord> FileRecords::find(const FileKey &key) const
{
    const std::scoped_lock lock{mutex_};
    const auto found = entries_.find({key.device, key.inode});
    if (found == entries_.end() || found->second.born != key.born)
        return std::nullopt;
    return found->second.record;
}

void FileRecords::change(const FileKey &key, const std::function<void(FileRecord &)> &body)
{
    const std::scoped_lock lock{mutex_};
    Entry &entry = entries_[{key.device, key.inode}];
    if (entry.born != key.born)
        entry = {key.born, {}};
    body(entry.record);
    changed_.emplace_back(key.device, key.inode);
}

std::string FileRecords::changes()
{
    const std::scoped_lock lock{mutex_};
    std::ranges::sort(changed_);
    const auto repeated = std::ranges::unique(changed_);
    changed_.erase(repeated.begin(), repeated.end());
    std::vector<Line> lines;
    for (const auto &number : changed_) {
        const Entry &entry = entries_.at(number);
        lines.push_back({{number.first, number.second, entry.born}, entry.record});
    }
    changed_.clear();
    Encoder encoder;
    encoder(lines);
    return encoder.take();
}

std::string FileRecords::all() const
{
    const std::scoped_lock lock{mutex_};
    std::vector<Line> lines;
    for (const auto &[number, entry] : entries_)
        lines.push_back({{number.first, number.second, entry.born}, entry.record});
    Encoder encoder;
    encoder(lines);
    return encoder.take();
}

void FileRecords::merge(std::string_view bytes)
{
    std::vector<Line> lines;
    Decoder decoder{bytes};
    decoder(lines);
    const std::scoped_lock lock{mutex_};
    for (auto &line : lines)
        entries_[{line.key.device, line.key.inode}] = {line.key.born, std::move(line.record)};
}

void FileRecords::show(struct statx &status) const
{
    const auto record = find(key_of(status)).value_or(FileRecord{});
    status.stx_uid = record.uid;
    status.stx_gid = record.gid;
    if (record.mode)
        status.stx_mode = static_cast<std::uint16_t>((status.stx_mode & S_IFMT) | (*record.mode & 07777U));
    if (record.device_type != 0) {
        status.stx_mode = static_cast<std::uint16_t>(record.device_type | (status.stx_mode & 07777U));
        status.stx_rdev_major = record.major;
        status.stx_rdev_minor = record.minor;
    }
}

} // namespace mica::sandbox
