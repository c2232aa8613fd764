#pragma once
/// @file
/// A tree of files whose names are in memory.
#include "context/context.hh"
#include "io/content.hh"
#include "tar/entry.hh"
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace mica::context {

/// Filled once, then read from any thread.
class MemoryTree final : public Context {
public:
    /// `name` is what messages call it.
    explicit MemoryTree(std::string name);

    /// Adds a file (content: of a regular one) and the directories above it. It replaces what was
    /// there, with all that was below, but a directory keeps what is in it. Throws Error (integrity)
    /// if something above it is no directory.
    void put(tar::Entry entry, ContentPtr content);
    /// Gives the file at `target` one more name; false: there is none.
    [[nodiscard]] bool link(const std::string &path, const std::string &target);

    [[nodiscard]] std::optional<tar::Entry> find(std::string_view path) const override;
    [[nodiscard]] std::vector<std::string> list(std::string_view path) const override;
    [[nodiscard]] ContentPtr content(std::string_view path) const override;
    [[nodiscard]] bool ignored(std::string_view) const override { return false; }
    [[nodiscard]] std::uint64_t link_id(std::string_view path) const override;
    [[nodiscard]] std::filesystem::path host_path() const override { return name_; }

private:
    struct File {
        tar::Entry entry;
        ContentPtr content;
        bool has_links = false;
        std::uint64_t id = 0;
    };
    using FilePtr = std::shared_ptr<File>;
    /// A directory's names, or none for what is no directory.
    struct Node {
        FilePtr file;
        std::set<std::string, std::less<>> children;
    };

    void place(const std::string &path, FilePtr file);
    void remove_below(const std::string &path);
    void make_directory(const std::string &path);
    [[nodiscard]] const Node *node(std::string_view path) const;

    std::string name_;
    std::map<std::string, Node, std::less<>> nodes_;
    std::uint64_t last_id_ = 0;
};

} // namespace mica::context
