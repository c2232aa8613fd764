#include "sandbox/merged_extractor.hh"

#include "base/error.hh"
#include "layer/layer_reader.hh"
#include "os/check.hh"
#include "os/directory.hh"
#include "os/path_walk.hh"
#include "os/xattr.hh"
#include "sandbox/overlay_form.hh"
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

namespace mica::sandbox {
namespace {

constexpr int directory_flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

/// A directory of a lower layer may have attributes that its new entry has not.
void remove_other_attributes(const tar::Entry &entry, const std::string &path)
{
    for (const auto &[name, value] : os::read_xattrs(path))
        if (!entry.xattrs.contains(name))
            ::lremovexattr(path.c_str(), name.c_str()); // labels of this machine stay
}

std::string below(const std::string &directory, const std::string &name)
{
    return directory.empty() ? name : directory + '/' + name;
}

} // namespace

void MergedExtractor::apply(const layer::Change &change, Source *body)
{
    const tar::Entry &entry = change.entry;
    if (change.kind == layer::Change::Kind::remove)
        return remove_lower(entry.path);
    if (change.kind == layer::Change::Kind::opaque)
        return empty_lower(open_or_make(entry.path).get(), entry.path);
    if (entry.type == tar::FileType::directory)
        return make_directory(entry);
    if (entry.type == tar::FileType::hardlink) {
        if (!make_link(entry))
            waiting_links_.push_back(entry);
        return;
    }
    const auto at = place(entry.path);
    clear(at);
    writer_.make(entry, at, body);
    note_written(entry.path);
}

DirectoryPlace MergedExtractor::place(std::string_view path)
{
    const auto [parent, name] = os::split_path(path);
    if (!cached_ || cached_path_ != parent) {
        cached_ = open_or_make(parent);
        cached_path_ = parent;
    }
    return {cached_.get(), std::string{name}};
}

Fd MergedExtractor::open_or_make(std::string_view path)
{
    Fd at = os::open_beneath(root_, "", O_RDONLY | O_DIRECTORY);
    std::string done;
    const auto note_time = [&] {
        struct stat status{};
        os::check(::fstat(at.get(), &status), done);
        directory_times_.try_emplace(done, to_time(status.st_mtim));
    };
    note_time();
    for (std::size_t start = 0; start < path.size();) {
        const auto end = std::min(path.find('/', start), path.size());
        const std::string name{path.substr(start, end - start)};
        start = end + 1;
        done = below(done, name);
        const auto status = status_of(at.get(), name);
        if (!status || !S_ISDIR(status->st_mode)) {
            if (status)
                os::check(::unlinkat(at.get(), name.c_str(), 0), name);
            os::check(::mkdirat(at.get(), name.c_str(), 0755),
                      [&] { return fmt::format("make directory {}", done); });
            directory_times_[done] = Time{};
            note_written(done);
        }
        at = Fd{os::check(::openat(at.get(), name.c_str(), directory_flags), name)};
        note_time();
    }
    return at;
}

void MergedExtractor::clear(const DirectoryPlace &at)
{
    if (::unlinkat(at.directory, at.name.c_str(), 0) == 0 || errno == ENOENT)
        return;
    if (errno != EISDIR)
        throw system_error(fmt::format("replace {}", at.name), errno);
    os::remove_tree(at.directory, at.name);
    cached_path_ = "/"; // no entry's parent: the open directory may be gone
}

void MergedExtractor::make_directory(const tar::Entry &entry)
{
    if (entry.path.empty()) {
        remove_other_attributes(entry, os::fd_path(root_, "."));
        writer_.set_metadata(entry, {root_, "."});
    } else {
        const auto at = place(entry.path);
        const auto status = status_of(at.directory, at.name);
        if (status && !S_ISDIR(status->st_mode))
            os::check(::unlinkat(at.directory, at.name.c_str(), 0), at.name);
        if (!status || !S_ISDIR(status->st_mode))
            os::check(::mkdirat(at.directory, at.name.c_str(), 0700),
                      [&] { return fmt::format("make directory {}", entry.path); });
        else
            remove_other_attributes(entry, os::fd_path(at.directory, at.name));
        writer_.set_metadata(entry, at);
    }
    note_written(entry.path);
    directory_times_[entry.path] = entry.mtime;
}

/// False: the target is not there (yet).
bool MergedExtractor::make_link(const tar::Entry &entry)
{
    const auto [parent, name] = os::split_path(entry.link_target);
    const auto target = os::find_beneath(root_, parent, O_PATH | O_DIRECTORY);
    const std::string target_name{name};
    if (!target || !status_of(target->get(), target_name))
        return false;
    note_written(entry.path);
    if (entry.path == entry.link_target)
        return true;
    const auto at = place(entry.path);
    clear(at);
    os::check(::linkat(target->get(), target_name.c_str(), at.directory, at.name.c_str(), 0),
              [&] { return fmt::format("link {} to {}", entry.path, entry.link_target); });
    return true;
}

void MergedExtractor::remove_lower(const std::string &path)
{
    const auto [parent, name] = os::split_path(path);
    const std::string last{name};
    const auto directory = os::find_beneath(root_, parent, O_RDONLY | O_DIRECTORY);
    const auto status = directory ? status_of(directory->get(), last) : std::nullopt;
    if (!status)
        return;
    const auto at = place(path); // notes the time
    if (!written_.contains(path)) {
        os::remove_tree(at.directory, last);
        cached_path_ = "/";
    } else if (S_ISDIR(status->st_mode)) {
        const Fd inside = os::open_beneath(at.directory, last, O_RDONLY | O_DIRECTORY);
        empty_lower(inside.get(), path);
    }
}

/// What is on the way to something of this layer stays when a removal comes later.
void MergedExtractor::note_written(std::string_view path)
{
    while (written_.emplace(path).second && !path.empty())
        path = os::split_path(path).parent;
}

/// Takes away what lower layers had in a directory, however deep below what this one has.
void MergedExtractor::empty_lower(int directory, const std::string &path)
{
    for (const auto &name : os::list_directory(directory)) {
        const auto child = below(path, name);
        if (!written_.contains(child)) {
            os::remove_tree(directory, name);
            continue;
        }
        const auto status = status_of(directory, name);
        if (status && S_ISDIR(status->st_mode))
            empty_lower(os::open_beneath(directory, name, O_RDONLY | O_DIRECTORY).get(), child);
    }
    cached_path_ = "/";
}

std::uint64_t MergedExtractor::finish()
{
    // A link may stand before its target in the archive, and the target may be a link itself.
    for (std::size_t before = waiting_links_.size() + 1; waiting_links_.size() < before;) {
        before = waiting_links_.size();
        std::erase_if(waiting_links_, [&](const tar::Entry &link) { return make_link(link); });
    }
    if (!waiting_links_.empty())
        throw Error{ErrorKind::integrity,
                    fmt::format("the hard link '{}' points to '{}', which does not exist",
                                waiting_links_.front().path, waiting_links_.front().link_target)};
    for (const auto &[path, time] : directory_times_)
        if (const auto found = os::find_beneath(root_, path, O_RDONLY | O_DIRECTORY))
            set_times({found->get(), "."}, time);
    return writer_.approximated();
}

std::uint64_t apply_layer(std::unique_ptr<Source> tar, int root, bool in_user_namespace,
                          layer::IndexWriter *index, const std::stop_token &stop, FileRecords *records)
{
    MergedExtractor extractor{root, in_user_namespace, records};
    const auto apply = [&](const layer::Change &change, Source *body) {
        in_context([&] { return fmt::format("extract {}", change.entry.path); },
                   [&] { extractor.apply(change, body); });
    };
    layer::read_layer(std::move(tar), index, apply, stop);
    return extractor.finish();
}

} // namespace mica::sandbox
