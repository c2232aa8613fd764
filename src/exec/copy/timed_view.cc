#include "exec/copy/timed_view.hh"

#include <utility>

namespace mica::exec {

namespace {

class TimedView final : public SourceView {
public:
    TimedView(std::unique_ptr<SourceView> files, Time mtime) : files_{std::move(files)}, mtime_{mtime} {}

    std::optional<tar::Entry> find(std::string_view path) const override
    {
        auto entry = files_->find(path);
        if (entry)
            entry->mtime = mtime_;
        return entry;
    }
    std::vector<std::string> list(std::string_view path) const override { return files_->list(path); }
    ContentPtr content(std::string_view path) const override { return files_->content(path); }
    std::uint64_t link_id(std::string_view path) const override { return files_->link_id(path); }
    bool ignored(std::string_view path) const override { return files_->ignored(path); }

private:
    std::unique_ptr<SourceView> files_;
    Time mtime_;
};

} // namespace

std::unique_ptr<SourceView> with_times(std::unique_ptr<SourceView> files, Time mtime)
{
    return std::make_unique<TimedView>(std::move(files), mtime);
}

} // namespace mica::exec
