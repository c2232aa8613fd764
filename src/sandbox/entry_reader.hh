#pragma once
/// @file
/// What a file on disk says about itself, as a step's change needs it. Runs in the agent,
/// inside the user namespace if there is one, so that ids, attributes and files
/// that only the namespace's root may read are seen as the image has them.
#include "sandbox/overlay_form.hh"
#include "sandbox/protocol.hh"
#include "sandbox/supervisor/file_records.hh"
#include <map>
#include <string>
#include <sys/stat.h>
#include <utility>

namespace mica::sandbox {

[[nodiscard]] std::int64_t nanoseconds(const timespec &time);

/// For the files of one step, in path order: the second name of an inode becomes a hard
/// link to the first.
class EntryReader {
public:
    /// `records`: of a fake root; else null.
    explicit EntryReader(OverlayForm form, const FileRecords *records = nullptr)
        : form_{form}, records_{records}
    {
    }

    /// `status` is that of `name` in the open directory `parent`. Not for sockets, which have
    /// no form in a tar.
    [[nodiscard]] UpperEntry read(int parent, const std::string &name, const std::string &path,
                                  const struct stat &status);

private:
    void set_type(UpperEntry &found, int parent, const std::string &name, const struct stat &status);

    static void unmask_device(UpperEntry &found);
    void correct(UpperEntry &found, int parent, const std::string &name) const;

    OverlayForm form_;
    const FileRecords *records_;
    std::map<std::pair<dev_t, ino_t>, std::string> first_names_;
};

} // namespace mica::sandbox
