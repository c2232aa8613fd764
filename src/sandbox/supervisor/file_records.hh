#pragma once
/// @file
/// What files are said to be where the kernel lets nobody make them so: owners, modes, device
/// numbers and attributes, by inode.
#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <utility>
#include <vector>

namespace mica::sandbox {

/// Numbers of inodes are used again; with the time of birth none is mistaken for another.
struct FileKey {
    std::uint64_t device = 0, inode = 0;
    std::int64_t born = 0; ///< nanoseconds; 0 on file systems that do not say
};

/// Of a status that was asked for STATX_BASIC_STATS | STATX_BTIME.
[[nodiscard]] FileKey key_of(const struct statx &status);
inline constexpr unsigned record_mask = STATX_BASIC_STATS | STATX_BTIME;

/// What is not said here is as on disk, and the owner 0:0.
struct FileRecord {
    std::uint32_t uid = 0, gid = 0;
    std::optional<std::uint32_t> mode;         ///< permissions; those on disk always let us in
    std::uint32_t device_type = 0;             ///< S_IFCHR or S_IFBLK: on disk an empty file
    std::uint32_t major = 0, minor = 0;        ///< of the device
    std::map<std::string, std::string> xattrs; ///< only those that the disk cannot have

    [[nodiscard]] bool empty() const
    {
        return uid == 0 && gid == 0 && !mode && device_type == 0 && xattrs.empty();
    }
};

/// May be used from any thread. A fork has a copy; changes() brings back what it did.
class FileRecords {
public:
    [[nodiscard]] std::optional<FileRecord> find(const FileKey &key) const;
    /// Changes the file's record, an empty one if it had none.
    void change(const FileKey &key, const std::function<void(FileRecord &)> &body);

    /// What was changed since the object was made or the last call, as bytes for merge().
    [[nodiscard]] std::string changes();
    void merge(std::string_view bytes);
    /// Every record, as bytes for merge().
    [[nodiscard]] std::string all() const;

    /// The file as it is said to be. Ids that are not on record are root's.
    void show(struct statx &status) const;

private:
    using Number = std::pair<std::uint64_t, std::uint64_t>; ///< device, inode
    struct Entry {
        std::int64_t born = 0;
        FileRecord record;
    };
    mutable std::mutex mutex_;
    std::map<Number, Entry> entries_;
    std::vector<Number> changed_;
};

} // namespace mica::sandbox
