#pragma once
/// @file
/// Directories to which layers are applied one upon another. Runs in the agent.
#include "io/fd.hh"
#include "io/stream.hh"
#include "layer/layer_index.hh"
#include "sandbox/supervisor/file_records.hh"
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace mica::sandbox {

class MergedDirectories {
public:
    /// `path`: an empty directory. `records`: as for EntryWriter.
    MergedDirectories(std::filesystem::path path, bool in_user_namespace, FileRecords *records);

    /// Applies one more layer to NAME, which is made if it is not there: 0755, root's, of time
    /// zero. Returns the number of stand-ins (see EntryWriter). `index`: may be null.
    [[nodiscard]] std::uint64_t apply(const std::string &name, std::unique_ptr<Source> tar,
                                      layer::IndexWriter *index);
    void remove(const std::string &name);
    /// Made if it is not there.
    [[nodiscard]] std::filesystem::path directory(const std::string &name);

private:
    [[nodiscard]] Fd open(const std::string &name);

    std::filesystem::path path_;
    bool in_user_namespace_;
    FileRecords *records_;
    Fd all_;
};

} // namespace mica::sandbox
