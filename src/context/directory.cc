#include "context/context.hh"

#include "base/error.hh"
#include "base/guarded.hh"
#include "context/host_content.hh"
#include "context/host_tree.hh"
#include <algorithm>
#include <limits>
#include <sys/sysmacros.h>
#include <utility>

namespace mica::context {

namespace {

using tar::FileType;

/// nullopt: a socket, which lives as long as its listener and means nothing in an image.
std::optional<FileType> type_of(mode_t mode)
{
    switch (mode & S_IFMT) {
    case S_IFREG:
        return FileType::regular;
    case S_IFDIR:
        return FileType::directory;
    case S_IFLNK:
        return FileType::symlink;
    case S_IFIFO:
        return FileType::fifo;
    case S_IFCHR:
        return FileType::char_device;
    case S_IFBLK:
        return FileType::block_device;
    default:
        return std::nullopt;
    }
}

Time time_of(const timespec &time)
{
    // A file system may hold times that 64 bits of nanoseconds cannot (1677 to 2262).
    constexpr std::int64_t limit = std::numeric_limits<std::int64_t>::max() / 1'000'000'000 - 1;
    const auto seconds = std::clamp<std::int64_t>(time.tv_sec, -limit, limit);
    return Time{std::chrono::seconds{seconds} + std::chrono::nanoseconds{time.tv_nsec}};
}

class DirectoryContext final : public Context {
public:
    explicit DirectoryContext(const std::filesystem::path &directory)
        : tree_{std::make_shared<HostTree>(directory)}
    {
    }

    std::optional<tar::Entry> find(std::string_view path) const override;
    std::vector<std::string> list(std::string_view path) const override;
    ContentPtr content(std::string_view path) const override;
    bool ignored(std::string_view) const override { return false; }
    std::uint64_t link_id(std::string_view path) const override;
    std::filesystem::path host_path() const override { return tree_->path(); }

private:
    struct Memory {
        std::map<std::pair<dev_t, ino_t>, std::uint64_t> link_ids;
        /// What find() saw last: the content and the id that are asked for next belong to it.
        std::string last_path;
        std::optional<struct stat> last_status;
    };

    std::optional<struct stat> shown_status(std::string_view path) const;
    std::optional<struct stat> seen_status(std::string_view path) const;

    std::shared_ptr<const HostTree> tree_;
    mutable Guarded<Memory> memory_;
};

std::optional<struct stat> DirectoryContext::shown_status(std::string_view path) const
{
    const auto status = tree_->status(path);
    return status && type_of(status->st_mode) ? status : std::nullopt;
}

std::optional<struct stat> DirectoryContext::seen_status(std::string_view path) const
{
    const auto last = memory_.with(
        [&](const Memory &memory) { return memory.last_path == path ? memory.last_status : std::nullopt; });
    return last ? last : shown_status(path);
}

std::optional<tar::Entry> DirectoryContext::find(std::string_view path) const
{
    const auto status = shown_status(path);
    if (!status)
        return std::nullopt;
    memory_.with([&](Memory &memory) {
        memory.last_path = path;
        memory.last_status = status;
    });
    tar::Entry entry;
    entry.path = path;
    entry.type = *type_of(status->st_mode);
    entry.mode = status->st_mode & 07777U;
    entry.mtime = time_of(status->st_mtim);
    entry.xattrs = tree_->xattrs(path);
    if (entry.type == FileType::regular)
        entry.size = static_cast<std::uint64_t>(status->st_size);
    if (entry.type == FileType::symlink)
        entry.link_target = tree_->read_link(path);
    if (entry.type == FileType::char_device || entry.type == FileType::block_device) {
        entry.device_major = major(status->st_rdev);
        entry.device_minor = minor(status->st_rdev);
    }
    return entry;
}

std::vector<std::string> DirectoryContext::list(std::string_view path) const
{
    std::vector<std::string> names;
    for (auto &child : tree_->children(path)) {
        if (type_of(child.type))
            names.push_back(std::move(child.name));
    }
    return names;
}

ContentPtr DirectoryContext::content(std::string_view path) const
{
    const auto status = seen_status(path);
    if (!status || !S_ISREG(status->st_mode))
        throw Error{ErrorKind::not_found, tree_->display(path) + " is no file of the build context"};
    return std::make_shared<HostContent>(tree_, std::string{path}, *status);
}

std::uint64_t DirectoryContext::link_id(std::string_view path) const
{
    const auto status = seen_status(path);
    if (!status || S_ISDIR(status->st_mode) || status->st_nlink < 2)
        return 0;
    return memory_.with([&](Memory &memory) {
        const std::pair key{status->st_dev, status->st_ino};
        return memory.link_ids.emplace(key, memory.link_ids.size() + 1).first->second;
    });
}

} // namespace

std::unique_ptr<Context> open_directory(const std::filesystem::path &directory, IgnoreList ignore)
{
    auto files = std::make_unique<DirectoryContext>(directory);
    if (ignore.empty())
        return files;
    return filtered(std::move(files), std::move(ignore));
}

} // namespace mica::context
