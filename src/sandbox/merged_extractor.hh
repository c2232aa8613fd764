#pragma once
/// @file
/// Applies a layer to a directory that holds the layers below already: the way to a
/// root file system where no overlay can be mounted. Runs in the agent.
#include "io/fd.hh"
#include "io/stream.hh"
#include "layer/change.hh"
#include "layer/layer_index.hh"
#include "sandbox/entry_writer.hh"
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mica::sandbox {

/// The same promises about paths as Extractor's; the result is what FileTree::apply_layer
/// says. Removals and opaque marks act on what was there before this layer.
class MergedExtractor {
public:
    MergedExtractor(int root, bool in_user_namespace, FileRecords *records = nullptr)
        : root_{root}, writer_{in_user_namespace, records}
    {
    }

    void apply(const layer::Change &change, Source *body);
    /// Links that were waiting for their target, times of directories. Once; the number of
    /// stand-ins (see EntryWriter).
    [[nodiscard]] std::uint64_t finish();

private:
    DirectoryPlace place(std::string_view path);
    Fd open_or_make(std::string_view path);
    void clear(const DirectoryPlace &at);
    void make_directory(const tar::Entry &entry);
    [[nodiscard]] bool make_link(const tar::Entry &entry);
    void note_written(std::string_view path);
    void remove_lower(const std::string &path);
    void empty_lower(int directory, const std::string &path);

    int root_;
    EntryWriter writer_;
    std::string cached_path_;
    Fd cached_;
    std::set<std::string> written_; ///< by this layer, and the directories on the way
    /// What directories are to have at the end: those of this layer what it says, others what they had.
    std::map<std::string, Time> directory_times_;
    std::vector<tar::Entry> waiting_links_;
};

/// `index` (may be null) gets the layer's changes.
[[nodiscard]] std::uint64_t apply_layer(std::unique_ptr<Source> tar, int root, bool in_user_namespace,
                                        layer::IndexWriter *index, const std::stop_token &stop,
                                        FileRecords *records = nullptr);

} // namespace mica::sandbox
