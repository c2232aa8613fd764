#include "cli/images/image_tree.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "dockerfile/instruction.hh"
#include "dockerfile/parser.hh"
#include "io/fd.hh"
#include "oci/platform.hh"
#include "oci/reference.hh"
#include "plan/arguments.hh"
#include "plan/automatic_args.hh"
#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <optional>

namespace mica::cli {

namespace fs = std::filesystem;

namespace {

// Stands for the registry of the tree while names are looked at; RFC 2606 keeps it free.
constexpr std::string_view registry = "tree.invalid";
constexpr std::uint64_t longest_dockerfile = std::uint64_t{16} << 20;

/// "NAME" of "tree.invalid/NAME:TAG", whatever the tag.
std::optional<std::string> name_in_tree(const std::string &base)
{
    if (!base.starts_with(std::string{registry} + "/"))
        return std::nullopt;
    return oci::Reference::parse(base).repository();
}

void check_name(const std::string &name)
{
    in_context([&] { return fmt::format("the folder \"{}\" is to be an image", name); },
               [&] { (void)oci::Reference::parse(fmt::format("{}/{}", registry, name)); });
}

ImageFolder read_folder(const fs::path &directory)
{
    ImageFolder folder;
    folder.name = directory.filename();
    check_name(folder.name);
    folder.directory = directory;
    folder.dockerfile = directory / "Dockerfile";
    const auto text = read_file(folder.dockerfile, longest_dockerfile);
    folder.bases = bases_in_tree(text, folder.dockerfile.string());
    folder.context = (directory / context_comment(text)).lexically_normal();
    if (!folder.context.has_filename() && folder.context.has_parent_path())
        folder.context = folder.context.parent_path();
    return folder;
}

/// Those whose bases are all placed move to the end of `sorted`, by name.
std::vector<ImageFolder> sorted_by_need(std::map<std::string, ImageFolder> waiting)
{
    std::vector<ImageFolder> sorted;
    while (!waiting.empty()) {
        const auto is_ready = [&](const auto &entry) {
            return std::none_of(entry.second.bases.begin(), entry.second.bases.end(),
                                [&](const auto &base) { return waiting.contains(base); });
        };
        const auto next = std::find_if(waiting.begin(), waiting.end(), is_ready);
        if (next == waiting.end())
            throw Error{ErrorKind::usage, fmt::format("{} is FROM an image that is made from it",
                                                      waiting.begin()->second.dockerfile.string())};
        sorted.push_back(std::move(waiting.extract(next).mapped()));
    }
    return sorted;
}

bool lies_in(const fs::path &path, const fs::path &directory)
{
    if (directory.empty() || directory == ".")
        return true;
    const auto [end, rest] = std::mismatch(directory.begin(), directory.end(), path.begin(), path.end());
    (void)rest;
    return end == directory.end();
}

} // namespace

std::set<std::string> bases_in_tree(std::string_view dockerfile, const std::string &file)
{
    const auto ast = dockerfile::parse(dockerfile, file);
    const auto program = dockerfile::parse_program(ast);
    plan::PlanOptions options;
    options.platform = options.build_platform = oci::host_platform();
    options.build_args = {{"REGISTRY", std::string{registry}}, {"TAG", "tag"}};
    const auto globals = plan::evaluate_global_args(program.global_args, plan::automatic_args(options, {}),
                                                    options.build_args, ast.escape);
    std::set<std::string> bases;
    for (const auto &stage : program.stages) {
        const auto base = at_span(stage.from_instruction.where, [&] {
            return dockerfile::expand_word(stage.from.image, globals.values, {.escape = ast.escape})
                .words.front();
        });
        if (const auto name = name_in_tree(base))
            bases.insert(*name);
    }
    return bases;
}

std::string context_comment(std::string_view dockerfile)
{
    constexpr std::string_view key = "context:";
    for (const auto line : split(dockerfile, '\n')) {
        auto text = trim(line);
        if (!text.starts_with('#'))
            break;
        text = trim(text.substr(1));
        if (text.starts_with(key))
            return std::string{trim(text.substr(key.size()))};
    }
    return {};
}

std::vector<ImageFolder> read_image_tree(const fs::path &root)
{
    if (!fs::is_directory(root))
        throw Error{ErrorKind::not_found, fmt::format("\"{}\" is not a directory", root.string())};
    std::map<std::string, ImageFolder> folders;
    for (const auto &entry : fs::directory_iterator{root}) {
        if (!fs::exists(entry.path() / "Dockerfile"))
            continue;
        auto folder = read_folder((root / entry.path().filename()).lexically_normal());
        folders.emplace(folder.name, std::move(folder));
    }
    for (auto &[name, folder] : folders)
        std::erase_if(folder.bases, [&](const auto &base) { return !folders.contains(base); });
    return sorted_by_need(std::move(folders));
}

std::set<std::string> affected_images(const std::vector<ImageFolder> &tree,
                                      const std::vector<fs::path> &paths)
{
    std::set<std::string> affected;
    for (const auto &folder : tree) { // bases come first
        const bool is_changed = std::any_of(paths.begin(), paths.end(), [&](const auto &path) {
            return lies_in(path, folder.directory) || lies_in(path, folder.context);
        });
        const bool has_changed_base = std::any_of(folder.bases.begin(), folder.bases.end(),
                                                  [&](const auto &base) { return affected.contains(base); });
        if (is_changed || has_changed_base)
            affected.insert(folder.name);
    }
    return affected;
}

} // namespace mica::cli
