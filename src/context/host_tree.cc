#include "context/host_tree.hh"

#include "base/error.hh"
#include "os/directory.hh"
#include "os/path_walk.hh"
#include "os/xattr.hh"
#include <algorithm>
#include <cerrno>
#include <climits>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace mica::context {

namespace {

constexpr int enter = O_PATH | O_DIRECTORY;
/// As deep as most trees are, so that who walks one finds the directories above still open.
constexpr std::size_t most_recent = 16;

std::string name_of(std::string_view path)
{
    const auto name = os::split_path(path).name;
    return name.empty() ? "." : std::string{name};
}

template <class Display>
std::optional<struct stat> status_in(int directory, const std::string &name, Display display)
{
    struct stat result{};
    if (::fstatat(directory, name.c_str(), &result, AT_SYMLINK_NOFOLLOW) == 0)
        return result;
    const int error = errno;
    if (error == ENOENT)
        return std::nullopt;
    throw system_error(display(), error);
}

/// SELinux labels, ACLs by host ids, trusted.* and overlayfs' own marks belong to this
/// machine; they would make the same sources two different layers.
bool travels(std::string_view name)
{
    return name == "security.capability" || (name.starts_with("user.") && !name.starts_with("user.overlay."));
}

} // namespace

HostTree::HostTree(std::filesystem::path directory) : path_{std::move(directory)}
{
    root_ = in_context([] { return std::string{"open the build context"}; },
                       [&] { return open_file(path_, enter); });
}

std::string HostTree::display(std::string_view path) const
{
    return (path_ / path).native();
}

std::optional<Fd> HostTree::find(std::string_view path, int flags) const
{
    return in_context([&] { return "read the build context in " + path_.native(); },
                      [&] { return os::find_beneath(root_.get(), path, flags); });
}

Fd HostTree::open_existing(std::string_view path, int flags) const
{
    auto fd = find(path, flags);
    if (!fd)
        throw Error{ErrorKind::not_found, display(path) + " is gone"};
    return std::move(*fd);
}

std::shared_ptr<const Fd> HostTree::opened(std::string_view directory) const
{
    return recent_.with([&](Recent &recent) -> std::shared_ptr<const Fd> {
        const auto found = std::ranges::find(recent, directory, &OpenDirectory::path);
        if (found == recent.end())
            return nullptr;
        std::rotate(recent.begin(), found, found + 1);
        return recent.front().fd;
    });
}

void HostTree::keep_open(std::string_view directory, const std::shared_ptr<const Fd> &fd) const
{
    recent_.with([&](Recent &recent) {
        std::erase_if(recent, [&](const OpenDirectory &other) { return other.path == directory; });
        if (recent.size() == most_recent)
            recent.pop_back();
        recent.insert(recent.begin(), OpenDirectory{std::string{directory}, fd});
    });
}

std::shared_ptr<const Fd> HostTree::directory_of(std::string_view path) const
{
    const auto parent = os::split_path(path).parent;
    if (auto known = opened(parent))
        return known;
    auto found = find(parent, enter);
    if (!found)
        return nullptr;
    auto shared = std::make_shared<const Fd>(std::move(*found));
    keep_open(parent, shared);
    return shared;
}

std::shared_ptr<const Fd> HostTree::existing_directory_of(std::string_view path) const
{
    auto directory = directory_of(path);
    if (!directory)
        throw Error{ErrorKind::not_found, display(path) + " is gone"};
    return directory;
}

std::optional<struct stat> HostTree::status(std::string_view path) const
{
    const auto directory = directory_of(path);
    if (!directory)
        return std::nullopt;
    return status_in(directory->get(), name_of(path), [&] { return display(path); });
}

std::vector<os::DirectoryEntry> HostTree::children(std::string_view path) const
{
    const auto directory = std::make_shared<const Fd>(open_existing(path, O_RDONLY | O_DIRECTORY));
    keep_open(path, directory);
    return in_context([&] { return display(path); }, [&] { return os::list_entries(directory->get()); });
}

std::string HostTree::read_link(std::string_view path) const
{
    const auto directory = existing_directory_of(path);
    std::string text(PATH_MAX, '\0');
    const ssize_t size = ::readlinkat(directory->get(), name_of(path).c_str(), text.data(), text.size());
    const int error = errno;
    if (size < 0)
        throw system_error(display(path), error);
    text.resize(static_cast<std::size_t>(size));
    return text;
}

std::map<std::string, std::string> HostTree::xattrs(std::string_view path) const
{
    const auto directory = existing_directory_of(path);
    auto all = in_context([&] { return "read the extended attributes of " + display(path); },
                          [&] { return os::read_xattrs_in(directory->get(), name_of(path)); });
    std::erase_if(all, [](const auto &attribute) { return !travels(attribute.first); });
    return all;
}

Fd HostTree::open(std::string_view path) const
{
    return open_existing(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
}

} // namespace mica::context
