#include "sandbox/extractor.hh"

#include "base/error.hh"
#include "layer/layer_reader.hh"
#include "os/check.hh"
#include "os/directory.hh"
#include "os/path_walk.hh"
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace mica::sandbox {
namespace {

constexpr int directory_flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

} // namespace

void Extractor::apply(const layer::Change &change, Source *body)
{
    const tar::Entry &entry = change.entry;
    if (change.kind == layer::Change::Kind::remove)
        return hide_lower(entry.path);
    if (change.kind == layer::Change::Kind::opaque)
        return mark_opaque(os::fd_path(directory(entry.path), "."), form_);
    if (entry.type == tar::FileType::directory)
        return make_directory(entry);
    const DirectoryPlace at = place(entry.path);
    if (entry.type == tar::FileType::hardlink)
        return make_link(entry, at);
    clear_for_file(at);
    writer_.make(entry, at, body);
}

DirectoryPlace Extractor::place(std::string_view path)
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
void Extractor::clear_for_file(const DirectoryPlace &at)
{
    if (::unlinkat(at.directory, at.name.c_str(), 0) == 0 || errno == ENOENT)
        return;
    if (errno != EISDIR)
        throw system_error(fmt::format("replace {}", at.name), errno);
    os::remove_tree(at.directory, at.name);
    cached_path_.clear(); // it may have been below
}

void Extractor::make_directory(const tar::Entry &entry)
{
    if (!entry.path.empty()) {
        const DirectoryPlace at = place(entry.path);
        const auto status = status_of(at.directory, at.name);
        if (!status || !S_ISDIR(status->st_mode)) {
            if (status)
                os::check(::unlinkat(at.directory, at.name.c_str(), 0), at.name);
            os::check(::mkdirat(at.directory, at.name.c_str(), 0700),
                      [&] { return fmt::format("make directory {}", entry.path); });
            if (status && is_whiteout(*status))
                mark_opaque(os::fd_path(at.directory, at.name), form_);
        }
        writer_.set_metadata(entry, at);
    } else {
        writer_.set_metadata(entry, {root_, "."});
    }
    implied_.erase(entry.path);
    directory_times_[entry.path] = entry.mtime;
}

void Extractor::make_link(const tar::Entry &entry, const DirectoryPlace &at)
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
    const DirectoryPlace at = place(path);
    const auto status = status_of(at.directory, at.name);
    if (!status)
        make_whiteout(at.directory, at.name);
    else if (S_ISDIR(status->st_mode))
        mark_opaque(os::fd_path(at.directory, at.name), form_);
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
        if (const auto found = os::find_beneath(root_, path, O_RDONLY | O_DIRECTORY))
            set_times({found->get(), "."}, time);
    }
    notes.implied.assign(implied_.begin(), implied_.end());
    notes.approximated = writer_.approximated();
    return notes;
}

LayerNotes extract_layer(std::unique_ptr<Source> tar, int root, OverlayForm form, layer::IndexWriter *index,
                         const std::stop_token &stop, FileRecords *records)
{
    Extractor extractor{root, form, records};
    const auto apply = [&](const layer::Change &change, Source *body) {
        in_context([&] { return fmt::format("extract {}", change.entry.path); },
                   [&] { extractor.apply(change, body); });
    };
    layer::read_layer(std::move(tar), index, apply, stop);
    return extractor.finish();
}

} // namespace mica::sandbox
