#include "exec/run_mounts/shown_files.hh"

#include "base/error.hh"
#include "base/stop.hh"
#include "context/link_walk.hh"
#include "context/path_text.hh"
#include <fmt/format.h>
#include <map>
#include <optional>
#include <utility>

namespace mica::exec {

namespace {

using context::join_path;
using tar::FileType;

class Walk {
public:
    Walk(const SourceView &view, const std::stop_token &stop) : view_{view}, stop_{stop} {}

    void add(const std::string &path, const std::string &name)
    {
        throw_if_stopped(stop_);
        auto entry = view_.find(path);
        if (!entry)
            return; // it vanished since it was listed
        entry->path = name;
        const auto type = entry->type;
        changes_.push_back(change(std::move(*entry), path));
        if (type == FileType::directory)
            for (const auto &child : view_.list(path))
                add(join_path(path, child), join_path(name, child));
    }

    [[nodiscard]] std::vector<layer::Change> take() { return std::move(changes_); }

private:
    layer::Change change(tar::Entry entry, const std::string &path)
    {
        ContentPtr content;
        if (entry.type == FileType::regular) {
            const auto id = view_.link_id(path);
            const auto [first, is_new] =
                id == 0 ? std::pair{links_.end(), true} : links_.try_emplace(id, entry.path);
            if (!is_new) {
                entry.type = FileType::hardlink;
                entry.size = 0;
                entry.link_target = first->second;
            } else if (entry.size > 0) {
                content = view_.content(path);
            }
        }
        return {layer::Change::Kind::upsert, std::move(entry), std::move(content)};
    }

    const SourceView &view_;
    const std::stop_token &stop_;
    std::map<std::uint64_t, std::string> links_; ///< the first name
    std::vector<layer::Change> changes_;
};

} // namespace

std::string find_source(const SourceView &view, std::string_view source)
{
    const auto link_at = [&](std::string_view path) -> std::optional<std::string> {
        const auto entry = view.find(path);
        if (!entry || entry->type != FileType::symlink)
            return std::nullopt;
        return entry->link_target;
    };
    auto path = context::follow_links(source, true, link_at);
    if (!view.find(path)) {
        auto error = Error{ErrorKind::not_found, fmt::format("\"{}\": not found", source)};
        if (view.ignored(path))
            error.set_hint("the ignore file of the context excludes it");
        throw error;
    }
    return path;
}

std::vector<layer::Change> shown_files(const SourceView &view, const std::string &path,
                                       const std::string &name, const std::stop_token &stop)
{
    Walk walk{view, stop};
    walk.add(path, name);
    return walk.take();
}

} // namespace mica::exec
