#include "cli/images/plan_command.hh"

#include "base/error.hh"
#include "cli/images/git_changes.hh"
#include "cli/images/gitlab_pipeline.hh"
#include "cli/images/image_tree.hh"
#include <filesystem>
#include <fmt/format.h>

namespace mica::cli {

namespace fs = std::filesystem;

namespace {

/// The tree as git sees it: paths from the repository's top.
std::vector<ImageFolder> from_top(std::vector<ImageFolder> tree, const fs::path &root, const fs::path &prefix)
{
    for (auto &folder : tree) {
        folder.directory = (prefix / folder.directory.lexically_relative(root)).lexically_normal();
        folder.context = (prefix / folder.context.lexically_relative(root)).lexically_normal();
        if (!folder.context.has_filename()) // "images/.." is the top
            folder.context = folder.context.parent_path();
    }
    return tree;
}

std::set<std::string> all_names(const std::vector<ImageFolder> &tree)
{
    std::set<std::string> names;
    for (const auto &folder : tree)
        names.insert(folder.name);
    return names;
}

std::set<std::string> wanted_images(const PlanRequest &request, const std::vector<ImageFolder> &tree)
{
    if (!request.changed_since)
        return all_names(tree);
    const auto changes = git_changes(request.root, *request.changed_since);
    if (!changes)
        return all_names(tree);
    return affected_images(from_top(tree, fs::path{request.root}.lexically_normal(), changes->prefix),
                           changes->paths);
}

std::string list(const std::vector<ImageFolder> &tree, const std::set<std::string> &wanted)
{
    std::string out;
    for (const auto &folder : tree)
        if (wanted.contains(folder.name))
            out += folder.name + "\n";
    return out;
}

} // namespace

CommandSpec plan_command_spec(PlanRequest &into)
{
    CommandSpec command;
    command.name = "plan";
    command.summary = "Say what a pipeline has to build for a directory of images.";
    command.description = "Each folder of the directory that has a Dockerfile is an image. On standard "
                          "output comes a child pipeline for "
                          "GitLab with a job for each of them, or their names, each after the images that it "
                          "is made from. One image is "
                          "made from another where it says \"FROM ${REGISTRY}/NAME:${TAG}\".";
    command.options = {
        {"--format", "gitlab|list", "A pipeline, or the names of the images (default: gitlab).", false,
         [&](const std::string &value) {
             if (value != "gitlab" && value != "list")
                 throw Error{ErrorKind::usage, fmt::format("\"{}\" is neither gitlab nor list", value)};
             into.format = value;
         }},
        {"--changed-since", "COMMIT",
         "Only images whose files changed since HEAD left this commit, and those made from them. A name of "
         "zeros, which "
         "GitLab gives for new branches, means all.",
         false, [&](const std::string &value) { into.changed_since = value; }},
        {"--job-template", "PATH",
         "The file in the repository with the jobs .image and .nothing that the jobs extend (default: "
         "/.gitlab/image.yml).",
         false, [&](const std::string &value) { into.job_template = value; }},
    };
    command.operands = {{"DIRECTORY", "The directory with the folders of the images.",
                         [&](const std::string &value) { into.root = value; }}};
    return command;
}

std::string plan_text(const PlanRequest &request)
{
    const auto tree = read_image_tree(request.root);
    const auto wanted = wanted_images(request, tree);
    if (request.format == "list")
        return list(tree, wanted);
    return gitlab_pipeline(tree, wanted, request.root, request.job_template);
}

} // namespace mica::cli
