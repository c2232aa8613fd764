#pragma once
/// @file
/// Digests of files that were hashed before, so that an unchanged file is not read again
/// to find out that it is unchanged (docs/formats.md, "File digests").
#include "base/digest.hh"
#include "base/guarded.hh"
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <unordered_map>

struct stat;

namespace mica::cache {

/// A file is known by device, inode, ctime and size: every write moves the ctime, and no
/// process can set it. But a clock ticks, and a file that is written twice in one tick
/// looks the same: what changed within the last two seconds is not remembered.
///
/// Any thread. What is in the table is kept by save(); of two builds that save at a time
/// one's additions are lost, which costs a second reading and nothing else.
class FileDigests {
public:
    /// An empty path: nothing is kept. A damaged file counts as empty.
    explicit FileDigests(std::filesystem::path file);

    [[nodiscard]] std::optional<Digest> find(const struct stat &file) const;
    void remember(const struct stat &file, const Digest &digest);
    /// If anything came in. Never throws: it is a memory aid.
    void save() const noexcept;

private:
    struct Identity {
        std::uint64_t device = 0, inode = 0;
        bool operator==(const Identity &) const = default;
    };
    struct IdentityHash {
        std::size_t operator()(const Identity &identity) const noexcept
        {
            return std::hash<std::uint64_t>{}(identity.inode * 0x9e3779b97f4a7c15U ^ identity.device);
        }
    };
    struct Record {
        std::int64_t changed = 0; ///< ctime in nanoseconds
        std::uint64_t size = 0;
        Digest digest;
        bool used = false; ///< by this build: others make room first
    };
    using Table = std::unordered_map<Identity, Record, IdentityHash>;
    struct State {
        Table table;
        bool changed = false;
    };

    void load();
    [[nodiscard]] static std::string encode(const Table &table);

    std::filesystem::path file_;
    mutable Guarded<State> state_;
};

} // namespace mica::cache
