#include "exec/copy/read_ahead.hh"

#include "base/queue.hh"
#include "context/path_text.hh"
#include <algorithm>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

namespace mica::exec {

namespace {

using context::join_path;
using tar::FileType;

// The essay. To walk a context is thousands of system calls, and the one who copies has other things
// to do and to wait for: where the destination leads is known only when the base image's names are, which
// may have to be fetched. So a second thread walks in the order in which the first will ask, and hands over
// directory after directory. The first keeps those that it is in the middle of, which are those above
// the one that it has listed last.

/// Directories that are read and not asked for yet.
constexpr std::size_t most_ahead = 4096;

struct Child {
    std::optional<tar::Entry> entry; ///< nullopt: it vanished
    std::uint64_t link_id = 0;
    ContentPtr content; ///< of regular files
    bool given = false; ///< the entry was moved out
};

struct Directory {
    std::string path;
    std::vector<std::string> names;
    std::vector<Child> children; ///< by the numbers of their names
};

class ReadAhead final : public SourceView {
public:
    ReadAhead(const SourceView &view, std::vector<std::string> directories, const std::stop_token &stop)
        : view_{view}, outer_{stop, [this] { stop_.request_stop(); }},
          thread_{[this, directories = std::move(directories)] { walk(directories); }}
    {
    }
    ReadAhead(const ReadAhead &) = delete;
    ReadAhead &operator=(const ReadAhead &) = delete;
    ~ReadAhead() override { stop_.request_stop(); }

    [[nodiscard]] std::optional<tar::Entry> find(std::string_view path) const override;
    [[nodiscard]] std::vector<std::string> list(std::string_view path) const override;
    [[nodiscard]] ContentPtr content(std::string_view path) const override;
    [[nodiscard]] std::uint64_t link_id(std::string_view path) const override;
    [[nodiscard]] bool ignored(std::string_view path) const override { return view_.ignored(path); }

private:
    void walk(const std::vector<std::string> &directories) const;
    [[nodiscard]] bool walk_below(const std::string &path) const;
    [[nodiscard]] Child look_at(const std::string &path) const;
    /// Under the lock; null: it is in no directory that is open.
    [[nodiscard]] Child *known(std::string_view path) const;

    const SourceView &view_;
    std::stop_source stop_;
    std::stop_callback<std::function<void()>> outer_;
    mutable BoundedQueue<Directory> read_{most_ahead};
    mutable std::mutex mutex_;
    mutable std::optional<Directory> next_; ///< taken from the queue, not asked for yet
    mutable std::vector<Directory> open_;   ///< listed last, after those above it
    std::jthread thread_;                   ///< the last: it uses the rest
};

void ReadAhead::walk(const std::vector<std::string> &directories) const
{
    try {
        for (const auto &directory : directories)
            if (!walk_below(directory))
                break;
    } catch (const std::exception &) { // NOLINT(bugprone-empty-catch): it is asked for again
    }
    read_.close();
}

/// False: stopped.
bool ReadAhead::walk_below(const std::string &path) const
{
    Directory directory{path, view_.list(path), {}};
    std::vector<std::string> below;
    for (const auto &name : directory.names) {
        if (stop_.stop_requested())
            return false;
        const auto child_path = join_path(path, name);
        directory.children.push_back(look_at(child_path));
        const auto &entry = directory.children.back().entry;
        if (entry && entry->type == FileType::directory)
            below.push_back(child_path);
    }
    return read_.push(std::move(directory), stop_.get_token()) &&
           std::ranges::all_of(below, [&](const std::string &child) { return walk_below(child); });
}

Child ReadAhead::look_at(const std::string &path) const
{
    Child child{.entry = view_.find(path), .content = nullptr};
    if (child.entry && child.entry->type == FileType::regular) {
        child.link_id = view_.link_id(path);
        child.content = view_.content(path);
    }
    return child;
}

std::vector<std::string> ReadAhead::list(std::string_view path) const
{
    const std::scoped_lock lock{mutex_};
    if (!next_)
        next_ = read_.pop(stop_.get_token());
    if (!next_ || next_->path != path)
        return view_.list(path);
    const auto above = context::parent_path(path);
    while (!open_.empty() && (open_.back().path != above || path.empty()))
        open_.pop_back();
    open_.push_back(*std::exchange(next_, std::nullopt));
    return open_.back().names;
}

Child *ReadAhead::known(std::string_view path) const
{
    const auto above = context::parent_path(path), name = context::base_name(path);
    const auto directory =
        std::find_if(open_.rbegin(), open_.rend(), [&](const Directory &open) { return open.path == above; });
    if (directory == open_.rend() || path.empty())
        return nullptr;
    const auto found = std::ranges::lower_bound(directory->names, name);
    if (found == directory->names.end() || *found != name)
        return nullptr;
    return &directory->children[static_cast<std::size_t>(found - directory->names.begin())];
}

std::optional<tar::Entry> ReadAhead::find(std::string_view path) const
{
    const std::scoped_lock lock{mutex_};
    auto *child = known(path);
    if (child == nullptr || child->given)
        return view_.find(path);
    child->given = true;
    return std::move(child->entry);
}

ContentPtr ReadAhead::content(std::string_view path) const
{
    const std::scoped_lock lock{mutex_};
    const auto *child = known(path);
    return child != nullptr && child->content ? child->content : view_.content(path);
}

std::uint64_t ReadAhead::link_id(std::string_view path) const
{
    const std::scoped_lock lock{mutex_};
    const auto *child = known(path);
    return child != nullptr && child->content ? child->link_id : view_.link_id(path);
}

} // namespace

std::unique_ptr<SourceView> read_ahead(const SourceView &view, std::vector<std::string> directories,
                                       const std::stop_token &stop)
{
    return std::make_unique<ReadAhead>(view, std::move(directories), stop);
}

} // namespace mica::exec
