#include "exec/ignored_paths.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "context/path_text.hh"
#include <algorithm>
#include <fmt/format.h>
#include <fnmatch.h>
#include <map>
#include <utility>

namespace mica::exec {

namespace {

std::vector<std::string> components_of(std::string_view path)
{
    std::vector<std::string> parts;
    for (const auto part : split(path, '/'))
        parts.emplace_back(part);
    return parts;
}

bool matches(const std::string &pattern, const std::string &name)
{
    return ::fnmatch(pattern.c_str(), name.c_str(), 0) == 0;
}

/// A hard link that is kept may be one of a file that is not: it then is the file itself.
class Remaining final : public layer::ChangeSource {
public:
    Remaining(std::unique_ptr<layer::ChangeSource> from, const IgnoredPaths &ignored)
        : from_{std::move(from)}, ignored_{ignored}
    {
    }
    void visit(const layer::ChangeVisitor &visitor, const std::stop_token &stop) override
    {
        from_->visit([&](const layer::Change &change) { pass(change, visitor); }, stop);
    }

private:
    void pass(const layer::Change &change, const layer::ChangeVisitor &visitor)
    {
        const auto &entry = change.entry;
        if (ignored_.contains(entry.path)) {
            if (entry.type == tar::FileType::regular)
                left_out_.insert_or_assign(entry.path, change);
            return;
        }
        const auto found =
            entry.type == tar::FileType::hardlink ? left_out_.find(entry.link_target) : left_out_.end();
        if (found == left_out_.end())
            return visitor(change);
        const auto [first, is_first] = names_.try_emplace(entry.link_target, entry.path);
        auto instead = is_first ? found->second : change;
        if (is_first)
            instead.entry.path = entry.path;
        else
            instead.entry.link_target = first->second;
        visitor(instead);
    }

    std::unique_ptr<layer::ChangeSource> from_;
    const IgnoredPaths ignored_;
    std::map<std::string, layer::Change> left_out_; ///< files, by path
    std::map<std::string, std::string> names_;      ///< of those that are kept by another one
};

} // namespace

IgnoredPaths::IgnoredPaths(const std::vector<std::string> &patterns)
{
    for (const auto &pattern : patterns) {
        const auto path = context::rooted_path(pattern);
        if (path.empty())
            throw Error{ErrorKind::usage, fmt::format("to ignore \"{}\" is to ignore everything", pattern)};
        patterns_.push_back(components_of(path));
    }
    std::ranges::sort(patterns_);
}

bool IgnoredPaths::contains(std::string_view path) const
{
    if (patterns_.empty() || path.empty())
        return false;
    const auto parts = components_of(path);
    return std::ranges::any_of(patterns_, [&](const auto &pattern) {
        return pattern.size() <= parts.size() &&
               std::equal(pattern.begin(), pattern.end(), parts.begin(), matches);
    });
}

std::string IgnoredPaths::text() const
{
    std::string out;
    for (const auto &pattern : patterns_)
        out += "/" + join(pattern, "/") + "\n";
    return out;
}

std::unique_ptr<layer::ChangeSource> without_ignored(std::unique_ptr<layer::ChangeSource> changes,
                                                     const IgnoredPaths &ignored)
{
    if (ignored.empty())
        return changes;
    return std::make_unique<Remaining>(std::move(changes), ignored);
}

std::vector<layer::Change> without_ignored(const std::vector<layer::Change> &changes,
                                           const IgnoredPaths &ignored)
{
    if (ignored.empty())
        return changes;
    std::vector<layer::Change> kept;
    without_ignored(std::make_unique<layer::ChangeList>(changes), ignored)
        ->visit([&](const layer::Change &change) { kept.push_back(change); }, {});
    return kept;
}

} // namespace mica::exec
