#pragma once
/// @file
/// The bytes of files that lie inside layers' tars, for COPY --from and for the few
/// files that the builder itself reads (/etc/passwd).
#include "exec/root_fs.hh"
#include "io/content.hh"
#include "io/fd.hh"
#include "layer/file_tree.hh"
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <utility>

namespace mica::exec {

/// A file in a layer. Where it lies tells its bytes apart from all others without reading.
class LayerFile : public Content {
public:
    /// The layer's diff_id and the path in it: the same only for the same bytes.
    [[nodiscard]] virtual std::string origin() const = 0;
};

/// A layer's tar can only be read from its start. So contents are first asked for (a
/// promise, no I/O), and when the first of them is opened every layer concerned is
/// streamed once and what was asked for is spooled to one unlinked file in `scratch`.
/// Contents keep this object alive and may be opened from any thread.
class LayerContents : public std::enable_shared_from_this<LayerContents> {
public:
    LayerContents(LayerCatalog &catalog, RootFs root, std::filesystem::path scratch, std::stop_token stop)
        : catalog_{catalog}, root_{std::move(root)}, scratch_{std::move(scratch)}, stop_{std::move(stop)}
    {
    }

    /// The bytes of a regular file of the root's tree.
    [[nodiscard]] ContentPtr content(const layer::Inode &inode);
    /// Spares the next reader the layer.
    void remember(const layer::Inode &inode, const std::string &bytes);

private:
    struct Extent {
        std::uint64_t offset = 0, size = 0;
        bool spooled = false;
    };
    using Wanted = std::map<std::string, Extent, std::less<>>; // path in the layer → where in the spool
    class File;

    [[nodiscard]] std::unique_ptr<Source> open(std::uint32_t layer, const std::string &path);
    void spool(std::uint32_t layer, Wanted &wanted);

    LayerCatalog &catalog_;
    RootFs root_;
    std::filesystem::path scratch_;
    std::stop_token stop_;
    std::mutex mutex_;
    std::map<std::uint32_t, Wanted> wanted_;
    Fd spool_;
    std::uint64_t spool_size_ = 0;
};

/// A small file of the root, by path (links followed); nullopt if there is none.
/// Throws Error (integrity) past 1 MiB.
[[nodiscard]] std::optional<std::string> read_small_file(LayerContents &contents, const layer::FileTree &tree,
                                                         std::string_view path);

} // namespace mica::exec
