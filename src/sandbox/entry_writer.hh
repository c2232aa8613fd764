#pragma once
/// @file
/// Makes one file of a tar on disk, with everything that belongs to it. Runs in the agent.
#include "io/stream.hh"
#include "sandbox/supervisor/file_records.hh"
#include "tar/entry.hh"
#include <cstdint>
#include <optional>
#include <string>
#include <sys/stat.h>

namespace mica::sandbox {

/// A name in an open directory.
struct DirectoryPlace {
    int directory;
    std::string name;
};

/// Without following a link; nullopt if there is nothing.
[[nodiscard]] std::optional<struct stat> status_of(int directory, const std::string &name);

/// Modification and access time.
void set_times(const DirectoryPlace &place, Time mtime);

/// In a user namespace some things cannot be: ids outside of the map and device nodes.
/// The ids become the overflow id, devices become empty files; the FileTree knows
/// what they really are.
class EntryWriter {
public:
    /// `in_user_namespace`: stand-ins are allowed. `records`: for a fake root, nothing is even tried
    /// that a process without privileges cannot do, and what files really are is written down there.
    explicit EntryWriter(bool in_user_namespace, FileRecords *records = nullptr)
        : in_user_namespace_{in_user_namespace}, records_{records}
    {
    }

    /// Anything but directories and hard links, where nothing is yet. `body`: as
    /// layer::LayerVisitor gives it.
    void make(const tar::Entry &entry, const DirectoryPlace &place, Source *body);
    /// Owner, mode, attributes; the times too unless it is a directory.
    void set_metadata(const tar::Entry &entry, const DirectoryPlace &place);
    /// How many stand-ins there are.
    [[nodiscard]] std::uint64_t approximated() const { return approximated_; }

private:
    void make_file(const tar::Entry &entry, const DirectoryPlace &place, Source *body);
    void make_special(const tar::Entry &entry, const DirectoryPlace &place);
    void set_owner(const tar::Entry &entry, const DirectoryPlace &place);
    void set_attributes(const tar::Entry &entry, const std::string &path);
    void record(const tar::Entry &entry, const DirectoryPlace &place);

    bool in_user_namespace_;
    FileRecords *records_;
    std::uint64_t approximated_ = 0;
};

} // namespace mica::sandbox
