#include "sandbox/extractor.hh"

#include "base/error.hh"
#include "layer/layer_reader.hh"
#include "os/check.hh"
#include "os/directory.hh"
#include "os/path_walk.hh"
#include "os/xattr.hh"
#include <array>
#include <cerrno>
#include <cstddef>
#include <fcntl.h>
#include <fmt/format.h>
#include <optional>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

namespace mica::sandbox {
namespace {

constexpr int directory_flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
/// What the kernel shows for an id that a user namespace has no number for.
constexpr unsigned overflow_id = 65534;

std::optional<struct stat> status_of(int directory, const std::string &name)
{
    struct stat status{};
    if (::fstatat(directory, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0)
        return status;
    if (errno == ENOENT)
        return std::nullopt;
    throw system_error(name, errno);
}

void set_times(int directory, const std::string &name, Time mtime)
{
    const std::array<timespec, 2> times{to_timespec(mtime), to_timespec(mtime)};
    os::check(::utimensat(directory, name.c_str(), times.data(), AT_SYMLINK_NOFOLLOW),
              [&] { return fmt::format("set the times of {}", name); });
}

mode_t special_type(tar::FileType type)
{
    switch (type) {
    case tar::FileType::fifo:
        return S_IFIFO;
    case tar::FileType::char_device:
        return S_IFCHR;
    case tar::FileType::block_device:
        return S_IFBLK;
    default:
        throw Error{ErrorKind::internal, "not a special file"};
    }
}

void copy_body(Source &body, int file)
{
    std::array<std::byte, std::size_t{64} * 1024> buffer;
    while (const std::size_t count = body.read(buffer))
        write_all(file, std::span{buffer}.first(count));
}

} // namespace

void Extractor::apply(const layer::Change &change, Source *body)
{
    const tar::Entry &entry = change.entry;
    if (change.kind == layer::Change::Kind::remove)
        return hide_lower(entry.path);
    if (change.kind == layer::Change::Kind::opaque)
        return make_opaque(entry.path);
    if (entry.type == tar::FileType::directory)
        return make_directory(change);
    const Place at = place(entry.path);
    if (entry.type == tar::FileType::hardlink)
        return make_link(entry, at);
    clear_for_file(at);
    if (entry.type == tar::FileType::regular)
        make_file(entry, at, body);
    else
        make_special(entry, at);
    set_metadata(entry, at);
}

Extractor::Place Extractor::place(std::string_view path)
{
    const auto [parent, name] = os::split_path(path);
    return {directory(parent), std::string{name}};
}

/// Entries come mostly directory by directory: the last one stays open.
int Extractor::directory(std::string_view path)
{
    if (path.empty())
        return root_;
    if (!cached_ || cached_path_ != path) {
        cached_.reset();
        cached_ = open_or_imply(path);
        cached_path_ = path;
    }
    return cached_.get();
}

Fd Extractor::open_or_imply(std::string_view path)
{
    if (auto found = os::find_beneath(root_, path, O_RDONLY | O_DIRECTORY))
        return std::move(*found);
    Fd at = os::open_beneath(root_, "", O_RDONLY | O_DIRECTORY);
    for (std::size_t end = 0; end != std::string_view::npos;) {
        const std::size_t start = end == 0 ? 0 : end + 1;
        end = path.find('/', start);
        const std::string name{path.substr(start, end == std::string_view::npos ? end : end - start)};
        const auto status = status_of(at.get(), name);
        if (!status || !S_ISDIR(status->st_mode)) {
            if (status)
                os::check(::unlinkat(at.get(), name.c_str(), 0), name);
            os::check(::mkdirat(at.get(), name.c_str(), 0755),
                      [&] { return fmt::format("make directory {}", path); });
            if (status && is_whiteout(*status))
                mark_opaque(os::fd_path(at.get(), name), form_);
            implied_.emplace(path.substr(0, end));
        }
        at = Fd{os::check(::openat(at.get(), name.c_str(), directory_flags), name)};
    }
    return at;
}

/// A later entry of the same archive wins, over a directory and all that is in it too.
void Extractor::clear_for_file(const Place &at)
{
    if (::unlinkat(at.directory, at.name.c_str(), 0) == 0 || errno == ENOENT)
        return;
    if (errno != EISDIR)
        throw system_error(fmt::format("replace {}", at.name), errno);
    os::remove_tree(at.directory, at.name);
    cached_path_.clear(); // it may have been below
}

void Extractor::make_directory(const layer::Change &change)
{
    const tar::Entry &entry = change.entry;
    if (!entry.path.empty()) {
        const Place at = place(entry.path);
        const auto status = status_of(at.directory, at.name);
        if (!status || !S_ISDIR(status->st_mode)) {
            if (status)
                os::check(::unlinkat(at.directory, at.name.c_str(), 0), at.name);
            os::check(::mkdirat(at.directory, at.name.c_str(), 0700),
                      [&] { return fmt::format("make directory {}", entry.path); });
            if (status && is_whiteout(*status))
                mark_opaque(os::fd_path(at.directory, at.name), form_);
        }
        set_metadata(entry, at);
    } else {
        set_metadata(entry, {root_, "."});
    }
    implied_.erase(entry.path);
    directory_times_[entry.path] = entry.mtime;
}

void Extractor::make_file(const tar::Entry &entry, const Place &at, Source *body)
{
    const Fd file{os::check(
        ::openat(at.directory, at.name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600),
        [&] { return fmt::format("make {}", entry.path); })};
    if (body != nullptr)
        in_context([&] { return fmt::format("write {}", entry.path); },
                   [&] { copy_body(*body, file.get()); });
}

void Extractor::make_special(const tar::Entry &entry, const Place &at)
{
    const auto failed = [&] { return fmt::format("make {}", entry.path); };
    if (entry.type == tar::FileType::symlink) {
        os::check(::symlinkat(entry.link_target.c_str(), at.directory, at.name.c_str()), failed);
        return;
    }
    const dev_t device = ::makedev(entry.device_major, entry.device_minor);
    const mode_t type = special_type(entry.type);
    if (::mknodat(at.directory, at.name.c_str(), type | 0600, type == S_IFIFO ? 0 : device) == 0)
        return;
    if (errno != EPERM || type == S_IFIFO)
        throw system_error(failed(), errno);
    os::check(::mknodat(at.directory, at.name.c_str(), S_IFREG | 0600, 0), failed);
    ++approximated_;
}

void Extractor::make_link(const tar::Entry &entry, const Place &at)
{
    const auto [parent, name] = os::split_path(entry.link_target);
    const auto target = os::find_beneath(root_, parent, O_PATH | O_DIRECTORY);
    const std::string target_name{name};
    const auto status = target ? status_of(target->get(), target_name) : std::nullopt;
    if (!status || is_whiteout(*status)) {
        waiting_links_.emplace_back(entry.path, entry.link_target);
        return;
    }
    if (entry.path == entry.link_target)
        return;
    clear_for_file(at);
    os::check(::linkat(target->get(), target_name.c_str(), at.directory, at.name.c_str(), 0),
              [&] { return fmt::format("link {} to {}", entry.path, entry.link_target); });
}

/// A removal acts on lower layers only: what this layer itself has at the path stays.
void Extractor::hide_lower(const std::string &path)
{
    const Place at = place(path);
    const auto status = status_of(at.directory, at.name);
    if (!status)
        make_whiteout(at.directory, at.name);
    else if (S_ISDIR(status->st_mode))
        mark_opaque(os::fd_path(at.directory, at.name), form_);
}

void Extractor::make_opaque(const std::string &path)
{
    mark_opaque(os::fd_path(directory(path), "."), form_);
}

void Extractor::set_metadata(const tar::Entry &entry, const Place &at)
{
    const auto failed = [&] { return fmt::format("set the owner or the mode of {}", entry.path); };
    if (::fchownat(at.directory, at.name.c_str(), entry.uid, entry.gid, AT_SYMLINK_NOFOLLOW) != 0) {
        if (errno != EINVAL || form_ != OverlayForm::user)
            throw system_error(failed(), errno);
        ++approximated_;
        const std::array<std::pair<unsigned, unsigned>, 3> nearest{
            {{entry.uid, overflow_id}, {overflow_id, entry.gid}, {overflow_id, overflow_id}}};
        for (const auto &[uid, gid] : nearest)
            if (::fchownat(at.directory, at.name.c_str(), uid, gid, AT_SYMLINK_NOFOLLOW) == 0)
                break;
    }
    // The mode after the owner: chown takes setuid bits away.
    if (entry.type != tar::FileType::symlink)
        os::check(::fchmodat(at.directory, at.name.c_str(), entry.mode, 0), failed);
    if (!entry.xattrs.empty())
        set_attributes(entry, os::fd_path(at.directory, at.name));
    if (entry.type != tar::FileType::directory)
        set_times(at.directory, at.name, entry.mtime);
}

void Extractor::set_attributes(const tar::Entry &entry, const std::string &path)
{
    for (const auto &[name, value] : entry.xattrs) {
        if (is_overlay_attribute(name))
            continue;
        const int error_number = os::set_xattr(path, name, value);
        // Labels and trusted.* of another system: the tree keeps them, the disk need not.
        const bool may_be_lost = error_number == ENOTSUP || error_number == EPERM;
        if (error_number != 0 && !(may_be_lost && name != "security.capability"))
            throw system_error(fmt::format("set the attribute {} of {}", name, entry.path), error_number);
    }
}

/// A link may stand before its target in the archive, and the target may be a link itself.
void Extractor::make_waiting_links()
{
    for (std::size_t before = waiting_links_.size() + 1; waiting_links_.size() < before;) {
        before = waiting_links_.size();
        for (const auto &[path, target] : std::exchange(waiting_links_, {})) {
            tar::Entry entry;
            entry.path = path;
            entry.link_target = target;
            make_link(entry, place(path));
        }
    }
}

LayerNotes Extractor::finish()
{
    make_waiting_links();
    LayerNotes notes;
    notes.links = std::move(waiting_links_);
    for (const auto &path : implied_)
        directory_times_[path] = Time{};
    for (const auto &[path, time] : directory_times_) {
        // One that a later entry replaced is not there any more.
        if (const auto found = os::find_beneath(root_, path, O_RDONLY | O_DIRECTORY)) {
            const std::array<timespec, 2> times{to_timespec(time), to_timespec(time)};
            os::check(::futimens(found->get(), times.data()), path);
        }
    }
    notes.implied.assign(implied_.begin(), implied_.end());
    notes.approximated = approximated_;
    return notes;
}

LayerNotes extract_layer(std::unique_ptr<Source> tar, int root, OverlayForm form, const std::stop_token &stop)
{
    Extractor extractor{root, form};
    layer::read_layer(
        std::move(tar),
        [&](const layer::Change &change, Source *body) {
            in_context([&] { return fmt::format("extract {}", change.entry.path); },
                       [&] { extractor.apply(change, body); });
        },
        stop);
    return extractor.finish();
}

} // namespace mica::sandbox
