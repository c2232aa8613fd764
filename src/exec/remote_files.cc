#include "exec/remote_files.hh"

#include "base/error.hh"
#include "context/archive.hh"
#include "context/url_text.hh"
#include "exec/remote_pins.hh"
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

/// What is not there any more as it was pinned, by a lock or in the Dockerfile, can only be pinned anew.
template <class Fetch> auto with_pin_told(bool is_locked, Fetch fetch)
{
    try {
        return fetch();
    } catch (Error &error) {
        if (is_locked && (error.kind() == ErrorKind::integrity || error.kind() == ErrorKind::not_found))
            error.set_hint("it is not what was locked: \"mica lock --update\" takes what is there now");
        else if (error.kind() == ErrorKind::integrity)
            error.set_hint("if it was replaced on purpose, change the checksum");
        throw;
    }
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

/// By its pin; else as it was the first time in this build, whatever directory of it was asked for then.
context::RemoteSource RemoteFiles::as_pinned(const context::RemoteSource &source) const
{
    auto result = pins_ ? pinned(source, *pins_) : source;
    auto *const git = std::get_if<context::GitSource>(&result);
    if (git == nullptr || names_its_digest(result) || !git->pinned.empty())
        return result;
    const auto name = pin_name(source);
    const std::scoped_lock guard{mutex_};
    for (const auto &input : inputs_)
        if (input.kind == ResolvedInput::Kind::commit && input.name == name)
            git->pinned = input.digest;
    return result;
}

void RemoteFiles::note(ResolvedInput::Kind kind, std::string name, std::string digest)
{
    const std::scoped_lock guard{mutex_};
    inputs_.push_back({kind, std::move(name), {}, std::move(digest)});
}

std::vector<ResolvedInput> RemoteFiles::inputs() const
{
    const std::scoped_lock guard{mutex_};
    return inputs_;
}

context::Download RemoteFiles::get(const context::HttpSource &source, TaskId task,
                                   const std::stop_token &stop)
{
    return once(downloads_, key_of(source), [&] {
        Task fetching{services_.bus, task, TaskKind::pull, "fetch " + shown(source)};
        const auto progress = [&](std::uint64_t done, std::uint64_t total) {
            fetching.progress(done, total);
        };
        const auto wanted = std::get<context::HttpSource>(as_pinned(source));
        auto file = with_pin_told(wanted.checksum != source.checksum, [&] {
            return in_context([&] { return "fetch " + shown(source); },
                              [&] { return context::download(wanted, services_.fetch, progress, stop); });
        });
        note(ResolvedInput::Kind::file, pin_name(source), file.digest.str());
        return file;
    });
}

context::GitTree RemoteFiles::get(const context::GitSource &source, TaskId task, const std::stop_token &stop)
{
    return once(trees_, key_of(source), [&] {
        Task fetching{services_.bus, task, TaskKind::pull, "fetch " + shown(source)};
        const auto wanted = std::get<context::GitSource>(as_pinned(source));
        auto tree = with_pin_told(pins_ && !wanted.pinned.empty(), [&] {
            return in_context([&] { return "fetch " + shown(source); },
                              [&] { return context::fetch_git(wanted, services_.fetch, stop); });
        });
        note(ResolvedInput::Kind::commit, pin_name(source), tree.commit);
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
