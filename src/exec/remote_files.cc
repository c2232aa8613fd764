#include "exec/remote_files.hh"

#include "base/error.hh"
#include "context/archive.hh"
#include "context/url_text.hh"
#include "tar/archive_stream.hh"
#include <fmt/format.h>
#include <utility>
#include <variant>

namespace mica::exec {

namespace {

/// All that tells two sources apart.
std::string key_of(const context::HttpSource &source)
{
    return source.url + "\n" + source.checksum;
}

std::string key_of(const context::GitSource &source)
{
    const auto flag = [](const std::optional<bool> &value) { return value ? (*value ? 1 : 0) : 2; };
    return fmt::format("{}\n{}\n{}\n{}\n{}{}{}{}", source.remote, source.ref, source.subdir, source.commit,
                       flag(source.keep_git_dir), flag(source.submodules), source.mtime_of_commit,
                       source.fetch_by_commit);
}

std::string shown(const context::HttpSource &source)
{
    return context::without_login(source.url.substr(0, source.url.find_first_of("?#")));
}

std::string shown(const context::GitSource &source)
{
    return "git repository " + context::without_login(source.remote);
}

tar::Entry file_entry(const std::string &name, const context::Download &file)
{
    tar::Entry entry;
    entry.path = name;
    entry.type = tar::FileType::regular;
    entry.mode = 0600;
    entry.size = file.size;
    entry.mtime = file.last_modified.value_or(Time{});
    return entry;
}

/// Keeps the context that it is a view of.
class OwningView final : public SourceView {
public:
    explicit OwningView(std::shared_ptr<const context::Context> files)
        : files_{std::move(files)}, view_{view_of(*files_)}
    {
    }
    std::optional<tar::Entry> find(std::string_view path) const override { return view_->find(path); }
    std::vector<std::string> list(std::string_view path) const override { return view_->list(path); }
    ContentPtr content(std::string_view path) const override { return view_->content(path); }
    std::uint64_t link_id(std::string_view path) const override { return view_->link_id(path); }
    bool ignored(std::string_view path) const override { return view_->ignored(path); }

private:
    std::shared_ptr<const context::Context> files_;
    std::unique_ptr<SourceView> view_;
};

} // namespace

template <class Fetched, class Fetch>
Fetched RemoteFiles::once(Slots<Fetched> &slots, const std::string &key, Fetch fetch)
{
    std::shared_ptr<Slot<Fetched>> slot;
    {
        const std::scoped_lock guard{mutex_};
        auto &kept = slots[key];
        if (!kept)
            kept = std::make_shared<Slot<Fetched>>();
        slot = kept;
    }
    const std::scoped_lock guard{slot->mutex};
    if (!slot->fetched)
        slot->fetched = fetch();
    return *slot->fetched;
}

context::Download RemoteFiles::get(const context::HttpSource &source, TaskId task,
                                   const std::stop_token &stop)
{
    return once(downloads_, key_of(source), [&] {
        Task fetching{services_.bus, task, TaskKind::pull, "fetch " + shown(source)};
        const auto progress = [&](std::uint64_t done, std::uint64_t total) {
            fetching.progress(done, total);
        };
        return in_context([&] { return "fetch " + shown(source); },
                          [&] { return context::download(source, services_.fetch, progress, stop); });
    });
}

context::GitTree RemoteFiles::get(const context::GitSource &source, TaskId task, const std::stop_token &stop)
{
    return once(trees_, key_of(source), [&] {
        Task fetching{services_.bus, task, TaskKind::pull, "fetch " + shown(source)};
        auto tree = in_context([&] { return "fetch " + shown(source); },
                               [&] { return context::fetch_git(source, services_.fetch, stop); });
        fetching.finish(TaskResult::done, "commit " + tree.commit);
        return tree;
    });
}

std::shared_ptr<const SourceView> RemoteFiles::view(const context::RemoteSource &source, TaskId task,
                                                    const std::stop_token &stop)
{
    if (const auto *git = std::get_if<context::GitSource>(&source))
        return std::make_shared<OwningView>(get(*git, task, stop).files);
    const auto &http = std::get<context::HttpSource>(source);
    const auto file = get(http, task, stop);
    return single_file_view(file_entry(http.file_name, file), file.content);
}

std::shared_ptr<const context::Context> RemoteFiles::open(const context::RemoteSource &source, TaskId task,
                                                          const std::stop_token &stop)
{
    if (const auto *git = std::get_if<context::GitSource>(&source))
        return get(*git, task, stop).files;
    const auto file = get(std::get<context::HttpSource>(source), task, stop);
    return context::single_file_context(file_entry("context", file), file.content);
}

std::optional<Time> RemoteFiles::date(const context::RemoteSource &source, TaskId task,
                                      const std::stop_token &stop)
{
    if (const auto *git = std::get_if<context::GitSource>(&source))
        return get(*git, task, stop).commit_time;
    const auto file = get(std::get<context::HttpSource>(source), task, stop);
    if (file.last_modified || !tar::is_tar_archive(*file.content))
        return file.last_modified;
    return context::open_archive(*file.content, "the archive", services_.scratch, stop).newest;
}

} // namespace mica::exec
