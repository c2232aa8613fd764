#pragma once
/// @file
/// The directory of extracted layers, as the agent writes and reads it:
///     NAME/fs      the layer in overlay form
///     NAME/notes   LayerNotes, encoded
///     NAME.part/   the same while it is being extracted
/// Callers hold the layer's lock (extracted_layers.hh).
#include "io/fd.hh"
#include "io/stream.hh"
#include "sandbox/layer_stack.hh"
#include <filesystem>
#include <memory>
#include <string>

namespace mica::sandbox {

class LayerDirectory {
public:
    /// `records`: as for EntryWriter.
    LayerDirectory(std::filesystem::path path, OverlayForm form, FileRecords *records = nullptr);

    /// Into NAME.part; what was there is removed first. `index`: may be null. Throws Error.
    [[nodiscard]] LayerNotes extract(const std::string &name, std::unique_ptr<Source> tar,
                                     layer::IndexWriter *index);
    /// NAME.part becomes NAME.
    void keep(const std::string &name);
    void discard(const std::string &name);
    [[nodiscard]] StackLayer open(const std::string &name) const;

private:
    std::filesystem::path path_;
    OverlayForm form_;
    FileRecords *records_;
    Fd directory_;
};

/// The file with the notes; used by mica's end as well.
[[nodiscard]] inline std::filesystem::path notes_file(const std::filesystem::path &layers,
                                                      const std::string &name)
{
    return layers / name / "notes";
}
/// Names this boot of the machine; empty where the kernel does not tell.
[[nodiscard]] std::string current_boot();

} // namespace mica::sandbox
