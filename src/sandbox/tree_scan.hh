#pragma once
/// @file
/// Finds what a command changed in a plain directory. Runs in the agent.
#include "sandbox/overlay_form.hh"
#include "sandbox/protocol.hh"
#include "sandbox/supervisor/file_records.hh"
#include <ctime>
#include <memory>
#include <string>
#include <vector>

namespace mica::sandbox {

/// A file that we moved away and back, which gave it a new ctime and changed nothing else.
struct MovedFile {
    std::string path; ///< below the root, without a slash in front
    timespec changed_before{}, changed_after{};
    bool has_other_names = false; ///< hard links, which have the same time
};

/// What is remembered of every file: enough to see that it was touched.
class TreeSnapshot {
public:
    /// Walks the whole directory. Returns only when every later change to it gets a later
    /// time than what was seen (some milliseconds on kernels with coarse clocks).
    explicit TreeSnapshot(int root);
    ~TreeSnapshot();
    TreeSnapshot(TreeSnapshot &&) noexcept;
    TreeSnapshot &operator=(TreeSnapshot &&) noexcept;

    /// What is not as it was, in the form and order of walk_upper(); this is then the
    /// snapshot of what was found.
    /// `records`: as for EntryReader.
    [[nodiscard]] std::vector<UpperEntry> update(int root, const FileRecords *records = nullptr);

    /// What the move did is no change; what happened before it still is.
    void forgive(const MovedFile &file);

    struct Node;

private:
    std::unique_ptr<Node> root_;
};

} // namespace mica::sandbox
