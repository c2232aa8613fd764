#include "context/context.hh"

#include "base/error.hh"
#include "base/guarded.hh"
#include "context/path_text.hh"
#include <algorithm>
#include <map>
#include <utility>

namespace mica::context {

namespace {

class FilteredContext final : public Context {
public:
    FilteredContext(std::shared_ptr<const Context> files, IgnoreList ignore)
        : files_{std::move(files)}, ignore_{std::move(ignore)}
    {
    }

    std::optional<tar::Entry> find(std::string_view path) const override
    {
        auto entry = files_->find(path);
        if (entry && !ignored(path))
            return entry;
        return entry && entry->type == tar::FileType::directory && has_exception(path) ? entry : std::nullopt;
    }

    std::vector<std::string> list(std::string_view path) const override
    {
        auto names = files_->list(path);
        std::erase_if(names, [&](const std::string &name) { return !is_shown(join_path(path, name)); });
        return names;
    }

    ContentPtr content(std::string_view path) const override
    {
        if (ignored(path))
            throw Error{ErrorKind::not_found, std::string{path} + " is hidden by the ignore file"};
        return files_->content(path);
    }

    bool ignored(std::string_view path) const override { return ignore_.matches_or_parent(path); }
    std::uint64_t link_id(std::string_view path) const override { return files_->link_id(path); }
    std::filesystem::path host_path() const override { return files_->host_path(); }

private:
    /// A name in a directory of the tree.
    bool is_shown(const std::string &path) const
    {
        return !ignored(path) || is_directory_with_exception(path);
    }
    bool is_directory_with_exception(const std::string &path) const
    {
        if (!ignore_.may_have_exceptions_below(path))
            return false;
        const auto entry = files_->find(path);
        return entry && entry->type == tar::FileType::directory && has_exception(path);
    }
    bool has_exception(std::string_view directory) const;

    std::shared_ptr<const Context> files_;
    IgnoreList ignore_;
    /// Ignored directories: is anything in them shown?
    mutable Guarded<std::map<std::string, bool, std::less<>>> exceptions_;
};

/// An ignored directory is there if anything in it is, at any depth: "a" and "!a/b/c"
/// show a, a/b and a/b/c. The answer is kept, or a walk would ask it at each level again.
bool FilteredContext::has_exception(std::string_view directory) const
{
    if (!ignore_.may_have_exceptions_below(directory))
        return false;
    const auto known = exceptions_.with([&](const auto &kept) -> std::optional<bool> {
        const auto at = kept.find(directory);
        return at == kept.end() ? std::nullopt : std::optional{at->second};
    });
    if (known)
        return *known;
    const auto names = files_->list(directory);
    const bool found = std::any_of(names.begin(), names.end(), [&](const std::string &name) {
        return is_shown(join_path(directory, name));
    });
    exceptions_.with([&](auto &kept) { kept.emplace(directory, found); });
    return found;
}

} // namespace

std::unique_ptr<Context> filtered(std::shared_ptr<const Context> files, IgnoreList ignore)
{
    return std::make_unique<FilteredContext>(std::move(files), std::move(ignore));
}

} // namespace mica::context
