#include "context/checkout.hh"

#include "base/error.hh"
#include "context/host_tree.hh"
#include <cerrno>
#include <cstdlib>
#include <fmt/format.h>
#include <sys/stat.h>
#include <utility>
#include <vector>

namespace mica::context {

namespace {

namespace fs = std::filesystem;

/// Git knows one bit of a file's mode; the rest is the umask's, which must not matter.
class CheckoutContext final : public Context {
public:
    CheckoutContext(std::unique_ptr<const CheckoutDirectory> directory, const fs::path &root,
                    std::optional<Time> mtime)
        : directory_{std::move(directory)}, files_{open_directory(root, IgnoreList{})}, mtime_{mtime}
    {
    }

    std::optional<tar::Entry> find(std::string_view path) const override
    {
        auto entry = files_->find(path);
        if (!entry)
            return entry;
        if (entry->type == tar::FileType::directory)
            entry->mode = 0755;
        else if (entry->type == tar::FileType::regular)
            entry->mode = (entry->mode & 0100U) != 0 ? 0755 : 0644;
        if (mtime_)
            entry->mtime = *mtime_;
        return entry;
    }
    std::vector<std::string> list(std::string_view path) const override { return files_->list(path); }
    ContentPtr content(std::string_view path) const override { return files_->content(path); }
    bool ignored(std::string_view path) const override { return files_->ignored(path); }
    std::uint64_t link_id(std::string_view) const override { return 0; }
    fs::path host_path() const override { return files_->host_path(); }

private:
    std::unique_ptr<const CheckoutDirectory> directory_;
    std::unique_ptr<Context> files_;
    std::optional<Time> mtime_;
};

} // namespace

CheckoutDirectory::CheckoutDirectory(const fs::path &parent)
{
    auto name = (parent / "git.XXXXXX").native();
    if (::mkdtemp(name.data()) == nullptr)
        throw system_error("create a directory in " + parent.native(), errno);
    path_ = std::move(name);
}

CheckoutDirectory::~CheckoutDirectory()
{
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

void remove_git_directories(const fs::path &directory)
{
    std::vector<fs::path> found;
    for (auto at = fs::recursive_directory_iterator{directory}; at != fs::recursive_directory_iterator{};
         ++at) {
        if (at->path().filename() != ".git")
            continue;
        found.push_back(at->path());
        at.disable_recursion_pending();
    }
    for (const auto &path : found)
        fs::remove_all(path);
}

std::shared_ptr<const Context> open_checkout(std::unique_ptr<const CheckoutDirectory> directory,
                                             const std::string &subdir, std::optional<Time> mtime)
{
    const auto status = HostTree{directory->path()}.status(subdir);
    if (!status || !S_ISDIR(status->st_mode))
        throw Error{ErrorKind::not_found, fmt::format("the repository has no directory \"{}\"", subdir)};
    const auto root = directory->path() / subdir;
    return std::make_shared<CheckoutContext>(std::move(directory), root, mtime);
}

} // namespace mica::context
