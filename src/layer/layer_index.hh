#pragma once
/// @file
/// What a layer changes, without the bytes of its files: a small file to be kept beside
/// the blob, so that its tree can be had again without inflating it. The format:
/// docs/formats.md, "Layer index".
#include "base/digest.hh"
#include "layer/change.hh"
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

namespace mica::layer {

/// Whether the index has the file's bytes too: the builder itself reads /etc/passwd and
/// /etc/group of an image, at each RUN. Small files only.
[[nodiscard]] bool is_kept_in_index(const tar::Entry &entry);

/// Takes the changes of one layer in any order, which is kept.
class IndexWriter {
public:
    explicit IndexWriter(const Digest &diff_id);

    /// `bytes`: of a file that is_kept_in_index(), if they are known.
    void add(const Change &change, std::optional<std::string_view> bytes = std::nullopt);
    /// The whole file, once.
    [[nodiscard]] std::string finish();

private:
    std::string bytes_;
    std::string last_path_;
};

/// All of `changes` in one file.
[[nodiscard]] std::string write_index(const Digest &diff_id, ChangeSource &changes,
                                      const std::stop_token &stop);

/// Throws what read_index() would for a damaged file, but for records that cannot be.
void check_index(std::string_view bytes, const Digest &diff_id);

/// Gives the changes (contents null, but for files that the index has) in the order in which they were added.
/// Throws Error (integrity) if the file is damaged, cut short, of another version or of another layer than
/// `diff_id`; nothing is given then, since the checksum comes first.
void read_index(std::string_view bytes, const Digest &diff_id, const ChangeVisitor &visitor);

/// Whether a record is to be read whole.
using RecordFilter = std::function<bool(Change::Kind kind, std::string_view path)>;

/// The same for the records that `wanted` says yes to, which is asked once for each, in order; the rest is
/// passed over in a fraction of the time.
void read_index(std::string_view bytes, const Digest &diff_id, const RecordFilter &wanted,
                const ChangeVisitor &visitor);

/// An index as a source of changes, for FileTree::apply_layer(). Owns the bytes.
class IndexedChanges final : public ChangeSource {
public:
    IndexedChanges(std::string bytes, const Digest &diff_id) : bytes_{std::move(bytes)}, diff_id_{diff_id} {}
    void visit(const ChangeVisitor &visitor, const std::stop_token &stop) override;

private:
    std::string bytes_;
    Digest diff_id_;
};

} // namespace mica::layer
