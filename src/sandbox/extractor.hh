#pragma once
/// @file
/// Writes a layer to disk in the form that overlayfs reads. Runs in the agent.
#include "io/fd.hh"
#include "io/stream.hh"
#include "layer/change.hh"
#include "layer/layer_index.hh"
#include "sandbox/entry_writer.hh"
#include "sandbox/overlay_form.hh"
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mica::sandbox {

/// What a layer's directory alone does not tell, kept in a file beside it.
struct LayerNotes {
    /// The boot in which it was extracted. Nothing is synced to disk on extraction, so
    /// after another boot the files may be short: then it is extracted again.
    std::string boot_id;
    /// Directories that the tar has no entry for, the root ("") among them. Their
    /// metadata comes from the layers below. Sorted.
    std::vector<std::string> implied;
    /// Hard links to files of layers below: path, target.
    std::vector<std::pair<std::string, std::string>> links;
    /// Files whose owner or kind this user namespace cannot have (see EntryWriter).
    std::uint64_t approximated = 0;
};

template <class Archive> void describe(Archive &archive, LayerNotes &notes)
{
    archive(notes.boot_id, notes.implied, notes.links, notes.approximated);
}

/// What comes of one extraction.
struct ExtractAnswer {
    LayerNotes notes;
    std::string index; ///< empty unless it was asked for
};

template <class Archive> void describe(Archive &archive, ExtractAnswer &answer)
{
    archive(answer.notes, answer.index);
}

/// Every path is opened below `root` without following a link, so that no archive can
/// write elsewhere. Entries may come in any order. What is in the way and no directory
/// is replaced by one, as FileTree does it.
class Extractor {
public:
    /// `records`: as for EntryWriter.
    Extractor(int root, OverlayForm form, FileRecords *records = nullptr)
        : root_{root}, form_{form}, writer_{form == OverlayForm::user, records}
    {
    }

    /// `body`: as layer::LayerVisitor gives it.
    void apply(const layer::Change &change, Source *body);
    /// Links that were waiting for their target, times of directories. Once.
    [[nodiscard]] LayerNotes finish();

private:
    DirectoryPlace place(std::string_view path);
    int directory(std::string_view path);
    Fd open_or_imply(std::string_view path);
    void clear_for_file(const DirectoryPlace &place);
    void make_directory(const tar::Entry &entry);
    void make_link(const tar::Entry &entry, const DirectoryPlace &place);
    void make_waiting_links();
    void hide_lower(const std::string &path);

    int root_;
    OverlayForm form_;
    EntryWriter writer_;
    std::string cached_path_;
    Fd cached_;
    std::set<std::string> implied_{""};
    std::map<std::string, Time> directory_times_;
    std::vector<std::pair<std::string, std::string>> waiting_links_;
};

/// Reads a whole layer's tar into the directory `root`. `index` (may be null) gets its changes.
[[nodiscard]] LayerNotes extract_layer(std::unique_ptr<Source> tar, int root, OverlayForm form,
                                       layer::IndexWriter *index, const std::stop_token &stop,
                                       FileRecords *records = nullptr);

} // namespace mica::sandbox
