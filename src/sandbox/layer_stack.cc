#include "sandbox/layer_stack.hh"

#include "base/error.hh"
#include "os/check.hh"
#include "os/path_walk.hh"
#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <ranges>
#include <set>
#include <unistd.h>

// Implied directories
//
// A layer's tar need not have an entry for each directory on the way to a file: a COPY of
// one file to /usr/share/doc/x may hold "usr/share/doc/x" alone. In the image's file system
// /usr/share/doc then keeps the owner, mode and times that lower layers gave it. Overlayfs
// however takes a merged directory's metadata from the topmost layer that has the directory,
// and on disk the layer must have it. As a layer is extracted once for all the stacks that
// it is ever part of, the lower layers' metadata cannot be written into it. So the extraction
// notes which directories were implied, and the stack sets them right through the mount: they
// are copied up into the writable directory, with what the nearest layer that really has an
// entry for them says. Hard links to files of lower layers are made in the same way.

namespace mica::sandbox {
namespace {

enum class Sight { directory, absent, hidden };

struct Look {
    Sight sight{};
    Fd directory;
};

/// Goes down one layer alone. "hidden": what lower layers have there is not visible.
Look look(const StackLayer &layer, std::string_view path, OverlayForm form)
{
    Fd at = os::open_beneath(layer.directory.get(), "", O_PATH | O_DIRECTORY);
    bool opaque = false;
    while (!path.empty()) {
        const auto slash = path.find('/');
        const std::string name{path.substr(0, slash)};
        path = slash == std::string_view::npos ? std::string_view{} : path.substr(slash + 1);
        const int next = ::openat(at.get(), name.c_str(), O_PATH | O_NOFOLLOW | O_DIRECTORY | O_CLOEXEC);
        if (next < 0 && errno == ENOENT)
            return {opaque ? Sight::hidden : Sight::absent, {}};
        if (next < 0 && (errno == ENOTDIR || errno == ELOOP))
            return {Sight::hidden, {}};
        at = Fd{os::check(next, name)};
        opaque = opaque || os::has_xattr(os::fd_path(at.get(), "."), opaque_attribute(form), "y");
    }
    return {Sight::directory, os::open_beneath(at.get(), "", O_RDONLY | O_DIRECTORY)};
}

bool is_implied(const StackLayer &layer, const std::string &path)
{
    return std::ranges::binary_search(layer.notes.implied, path);
}

void link_to_lower(int root, const std::string &path, const std::string &target)
{
    const auto file = os::find_beneath(root, target, O_PATH | O_NOFOLLOW);
    if (!file)
        throw Error{ErrorKind::integrity,
                    fmt::format("the hard link '{}' points to '{}', which does not exist", path, target)};
    const auto [parent, name] = os::split_path(path);
    const Fd directory = os::open_beneath(root, parent, O_PATH | O_DIRECTORY);
    const std::string link_name{name};
    ::unlinkat(directory.get(), link_name.c_str(), 0);
    os::check(::linkat(AT_FDCWD, os::fd_path(file->get()).c_str(), directory.get(), link_name.c_str(),
                       AT_SYMLINK_FOLLOW),
              [&] { return fmt::format("link {} to {}", path, target); });
}

} // namespace

DirectoryMetadata read_metadata(int directory)
{
    struct stat status{};
    os::check(::fstat(directory, &status), "stat of a directory");
    DirectoryMetadata found{status.st_mode & 07777U, status.st_uid, status.st_gid, status.st_mtim,
                            os::read_xattrs(os::fd_path(directory, "."))};
    std::erase_if(found.xattrs, [](const auto &xattr) { return is_overlay_attribute(xattr.first); });
    return found;
}

bool write_metadata(int directory, const DirectoryMetadata &wanted)
{
    const auto now = read_metadata(directory);
    const bool same_time =
        now.mtime.tv_sec == wanted.mtime.tv_sec && now.mtime.tv_nsec == wanted.mtime.tv_nsec;
    if (now.mode == wanted.mode && now.uid == wanted.uid && now.gid == wanted.gid && same_time &&
        now.xattrs == wanted.xattrs)
        return false;
    os::check(::fchown(directory, wanted.uid, wanted.gid), "set a directory's owner");
    os::check(::fchmod(directory, wanted.mode), "set a directory's mode");
    for (const auto &[name, value] : wanted.xattrs)
        if (const int error_number = os::set_xattr(os::fd_path(directory, "."), name, value);
            error_number != 0)
            throw system_error("set a directory's attribute " + name, error_number);
    const std::array<timespec, 2> times{wanted.mtime, wanted.mtime};
    os::check(::futimens(directory, times.data()), "set a directory's times");
    return true;
}

DirectoryMetadata LayerStack::root() const
{
    for (const auto &layer : std::views::reverse(layers_))
        if (!is_implied(layer, ""))
            return read_metadata(layer.directory.get());
    return {};
}

std::optional<DirectoryMetadata> LayerStack::inherited(const std::string &path) const
{
    bool shown_is_implied = false;
    for (const auto &layer : std::views::reverse(layers_)) {
        const auto [sight, directory] = look(layer, path, form_);
        if (sight == Sight::hidden)
            return std::nullopt;
        if (sight == Sight::absent)
            continue;
        if (!is_implied(layer, path))
            return shown_is_implied ? std::optional{read_metadata(directory.get())} : std::nullopt;
        shown_is_implied = true;
    }
    return std::nullopt;
}

bool LayerStack::complete(int mounted_root, std::size_t first) const
{
    std::set<std::string> implied;
    bool wrote = false;
    for (const auto &layer : std::views::drop(layers_, static_cast<std::ptrdiff_t>(first))) {
        implied.insert(layer.notes.implied.begin(), layer.notes.implied.end());
        for (const auto &[path, target] : layer.notes.links) {
            link_to_lower(mounted_root, path, target);
            wrote = true;
        }
    }
    implied.erase("");
    // Deepest first: setting a directory's metadata copies its parents up.
    for (const auto &path : std::views::reverse(implied)) {
        const auto wanted = inherited(path);
        if (!wanted)
            continue;
        if (const auto directory = os::find_beneath(mounted_root, path, O_RDONLY | O_DIRECTORY))
            wrote = write_metadata(directory->get(), *wanted) || wrote;
    }
    return wrote;
}

} // namespace mica::sandbox
