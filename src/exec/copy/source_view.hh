#pragma once
/// @file
/// What COPY and ADD copy from, as one interface: a context of the user, or the
/// file system of a stage or image.
#include "context/context.hh"
#include "io/content.hh"
#include "layer/file_tree.hh"
#include "tar/entry.hh"
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mica::exec {

/// A tree of files. Paths have the form of tar::Entry::path, "" is the root (always a
/// directory). No call follows a link. All members may be called from any thread.
class SourceView {
public:
    virtual ~SourceView() = default;
    /// nullopt: not there (or hidden by an ignore file). Never FileType::hardlink; a
    /// symbolic link's text is in link_target.
    [[nodiscard]] virtual std::optional<tar::Entry> find(std::string_view path) const = 0;
    /// Names in a directory, sorted bytewise.
    [[nodiscard]] virtual std::vector<std::string> list(std::string_view path) const = 0;
    /// Of a regular file. Nothing is read before it is opened.
    [[nodiscard]] virtual ContentPtr content(std::string_view path) const = 0;
    /// Paths with the same id are hard links of each other; 0: certainly a single link.
    [[nodiscard]] virtual std::uint64_t link_id(std::string_view path) const = 0;
    /// Whether the path may exist but an ignore file hides it (for hints).
    [[nodiscard]] virtual bool ignored(std::string_view path) const = 0;
};

/// A view of a context, which must outlive it.
[[nodiscard]] std::unique_ptr<SourceView> view_of(const context::Context &context);

/// The bytes of a regular file of a tree; called only for files that are copied.
using ContentProvider = std::function<ContentPtr(const layer::Inode &inode)>;

/// A view of a stage's or image's file system. The tree is copied (cheap).
[[nodiscard]] std::unique_ptr<SourceView> view_of(layer::FileTree tree, ContentProvider contents);

/// A view of one regular file and nothing else.
[[nodiscard]] std::unique_ptr<SourceView> single_file_view(tar::Entry entry, ContentPtr content);

} // namespace mica::exec
