#include "exec/root_user.hh"

#include "exec/layer_contents.hh"
#include <memory>

namespace mica::exec {

namespace {

struct UserFiles {
    std::string passwd, group;
};

/// Both contents are asked for before one is opened, so that a layer that has both
/// is streamed once.
UserFiles read_user_files(const NeededFiles &needed, const StepSite &site, const layer::FileTree &tree,
                          const StepContext &context, const std::stop_token &stop)
{
    const auto contents =
        std::make_shared<LayerContents>(context.catalog, site.root, context.services.scratch, stop);
    const auto promise = [&](const char *path) {
        if (const auto inode = tree.find(tree.resolve(path, true));
            inode && inode->type == tar::FileType::regular)
            static_cast<void>(contents->content(*inode));
    };
    if (needed.passwd)
        promise("etc/passwd");
    if (needed.group)
        promise("etc/group");
    UserFiles files;
    if (needed.passwd)
        files.passwd = read_small_file(*contents, tree, "etc/passwd").value_or("");
    if (needed.group)
        files.group = read_small_file(*contents, tree, "etc/group").value_or("");
    return files;
}

} // namespace

RunUser root_user(const std::string &text, const StepSite &site, const layer::FileTree &tree,
                  const StepContext &context, const std::stop_token &stop)
{
    const auto files = read_user_files({true, true}, site, tree, context, stop);
    auto user = resolve_user(text, files.passwd, files.group);
    if (user.home.empty())
        user.home = "/";
    return user;
}

Owner root_owner(const std::string &text, const StepSite &site, const StepContext &context,
                 const std::stop_token &stop)
{
    UserFiles files;
    if (const auto needed = chown_needs(text); needed.passwd || needed.group)
        files =
            read_user_files(needed, site, site.root.tree(context.catalog, site.task, stop), context, stop);
    return resolve_chown(text, files.passwd, files.group);
}

} // namespace mica::exec
