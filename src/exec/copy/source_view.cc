#include "exec/copy/source_view.hh"

#include "base/error.hh"
#include <utility>

namespace mica::exec {

namespace {

class ContextView final : public SourceView {
public:
    explicit ContextView(const context::Context &context) : context_{context} {}

    std::optional<tar::Entry> find(std::string_view path) const override { return context_.find(path); }
    std::vector<std::string> list(std::string_view path) const override { return context_.list(path); }
    ContentPtr content(std::string_view path) const override { return context_.content(path); }
    std::uint64_t link_id(std::string_view path) const override { return context_.link_id(path); }
    bool ignored(std::string_view path) const override { return context_.ignored(path); }

private:
    const context::Context &context_;
};

class TreeView final : public SourceView {
public:
    TreeView(layer::FileTree tree, ContentProvider contents)
        : tree_{std::move(tree)}, contents_{std::move(contents)}
    {
    }

    std::optional<tar::Entry> find(std::string_view path) const override
    {
        const auto inode = tree_.find(path);
        return inode ? std::optional{layer::entry_of(std::string{path}, *inode)} : std::nullopt;
    }
    std::vector<std::string> list(std::string_view path) const override { return tree_.children(path); }
    ContentPtr content(std::string_view path) const override
    {
        const auto inode = tree_.find(path);
        if (!inode || inode->type != tar::FileType::regular)
            throw Error{ErrorKind::internal, "no file at /" + std::string{path}};
        return contents_(*inode);
    }
    /// An inode's address: names of one inode share it as long as the tree lives.
    std::uint64_t link_id(std::string_view path) const override
    {
        return reinterpret_cast<std::uintptr_t>(tree_.find(path).get());
    }
    bool ignored(std::string_view) const override { return false; }

private:
    layer::FileTree tree_;
    ContentProvider contents_;
};

class SingleFileView final : public SourceView {
public:
    SingleFileView(tar::Entry entry, ContentPtr content)
        : entry_{std::move(entry)}, content_{std::move(content)}
    {
    }

    std::optional<tar::Entry> find(std::string_view path) const override
    {
        if (path == entry_.path)
            return entry_;
        tar::Entry root;
        root.type = tar::FileType::directory;
        root.mode = 0755;
        return path.empty() ? std::optional{root} : std::nullopt;
    }
    std::vector<std::string> list(std::string_view path) const override
    {
        return path.empty() ? std::vector{entry_.path} : std::vector<std::string>{};
    }
    ContentPtr content(std::string_view) const override { return content_; }
    std::uint64_t link_id(std::string_view) const override { return 0; }
    bool ignored(std::string_view) const override { return false; }

private:
    tar::Entry entry_;
    ContentPtr content_;
};

} // namespace

std::unique_ptr<SourceView> single_file_view(tar::Entry entry, ContentPtr content)
{
    return std::make_unique<SingleFileView>(std::move(entry), std::move(content));
}

std::unique_ptr<SourceView> view_of(const context::Context &context)
{
    return std::make_unique<ContextView>(context);
}

std::unique_ptr<SourceView> view_of(layer::FileTree tree, ContentProvider contents)
{
    return std::make_unique<TreeView>(std::move(tree), std::move(contents));
}

} // namespace mica::exec
