#pragma once
/// @file
/// What a command is shown beside its root file system where nothing can be mounted.
#include "sandbox/chroot/secret_files.hh"
#include "sandbox/chroot/supervised_tree.hh"
#include "sandbox/layer_directory.hh"
#include "sandbox/merged_directories.hh"
#include "sandbox/protocol.hh"
#include "sandbox/stand_ins.hh"
#include "sandbox/supervisor/file_records.hh"
#include <filesystem>
#include <string>

namespace mica::sandbox {

/// What the command is shown, and where things for it alone are put.
struct ChrootSources {
    const LayerDirectory &caches;
    MergedDirectories &merged;
    std::filesystem::path place; ///< a directory that is not there yet; removed at the end
};

/// The directory of one command, made and removed with whatever is in it. It has an empty one in it,
/// "hidden" (see StandIns).
class OwnPlace {
public:
    explicit OwnPlace(std::filesystem::path path);
    ~OwnPlace();
    OwnPlace(const OwnPlace &) = delete;
    OwnPlace &operator=(const OwnPlace &) = delete;

private:
    std::filesystem::path path_;
};

/// Turns the mounts of a request into stand-ins.
class ShownFiles {
public:
    /// `records`: for a fake root; owners are then recorded instead of set. May be null.
    ShownFiles(const ChrootSources &sources, const SupervisedTree &tree, StandIns &stand_ins,
               FileRecords *records)
        : sources_{sources}, secrets_{tree, records}, stand_ins_{stand_ins}, records_{records}
    {
    }

    /// A file of root's that everybody may read.
    void generated(const std::string &target, const std::string &bytes);
    /// Throws Error for what cannot be shown so.
    void one(const MountRequest &request);
    [[nodiscard]] SecretFiles &secrets() { return secrets_; }

private:
    [[nodiscard]] std::filesystem::path next_place() { return sources_.place / std::to_string(places_++); }
    [[nodiscard]] std::filesystem::path new_directory(unsigned mode);
    void socket(const MountRequest &request);

    const ChrootSources &sources_;
    SecretFiles secrets_;
    StandIns &stand_ins_;
    FileRecords *records_;
    unsigned places_ = 0;
};

} // namespace mica::sandbox
