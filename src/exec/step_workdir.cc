#include "exec/step_workdir.hh"

#include "base/error.hh"
#include "exec/root_user.hh"
#include "layer/path_lookup.hh"
#include <algorithm>
#include <fmt/format.h>
#include <vector>

namespace mica::exec {

namespace {

/// The directories of `path` that are not there, outermost first. `path` has no link
/// left in it but for components that do not exist.
std::vector<std::string> missing_directories(const layer::PathLookup &find, const std::string &path)
{
    std::vector<std::string> missing;
    for (std::size_t end = 0; end != std::string::npos && !path.empty();) {
        end = path.find('/', end + 1);
        const auto prefix = path.substr(0, end);
        const auto inode = find(prefix);
        if (!inode)
            missing.push_back(prefix);
        else if (inode->type != tar::FileType::directory)
            throw Error{ErrorKind::dockerfile, fmt::format("/{} is not a directory", prefix)};
    }
    return missing;
}

} // namespace

std::vector<layer::Change> workdir_changes(const plan::WorkdirStep &step, const StepSite &site,
                                           const StepContext &context, const std::stop_token &stop)
{
    const auto find = site.root.lookup(context.catalog, site.task, stop);
    const auto missing = missing_directories(find, layer::resolve_path(find, step.path, true));
    std::vector<layer::Change> changes;
    if (!missing.empty()) {
        const auto owner = root_owner(step.user, site, context, stop);
        for (const auto &directory : missing) {
            tar::Entry entry;
            entry.path = directory;
            entry.type = tar::FileType::directory;
            entry.mode = 0755;
            entry.uid = owner.uid;
            entry.gid = owner.gid;
            entry.mtime = context.created;
            changes.push_back({layer::Change::Kind::upsert, std::move(entry), nullptr});
        }
    }
    return changes;
}

} // namespace mica::exec
