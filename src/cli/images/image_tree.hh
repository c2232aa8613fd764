#pragma once
/// @file
/// A directory whose folders are images: each has a Dockerfile and is named like its folder.
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace mica::cli {

struct ImageFolder {
    std::string name;                 ///< of the folder, and of the repository
    std::filesystem::path directory;  ///< root/NAME
    std::filesystem::path dockerfile; ///< root/NAME/Dockerfile
    /// The folder itself, unless a comment at the head of the Dockerfile says "context: PATH", from there.
    std::filesystem::path context;
    /// Images of the tree that it is FROM: "FROM ${REGISTRY}/NAME…".
    std::set<std::string> bases;
};

/// All of them, each after its bases, else by name. Throws Error: usage for a name that no repository can
/// have and for images that are FROM each other, dockerfile, io, not_found.
[[nodiscard]] std::vector<ImageFolder> read_image_tree(const std::filesystem::path &root);

/// One folder's Dockerfile: what it is FROM in the registry of the tree. Throws Error (dockerfile).
[[nodiscard]] std::set<std::string> bases_in_tree(std::string_view dockerfile, const std::string &file);
/// The "context:" of the comments at the head; empty if there is none.
[[nodiscard]] std::string context_comment(std::string_view dockerfile);

/// The images that changes to `paths` concern, and those that are FROM them, and so on. A path counts for an
/// image if it lies in its folder or in its context; all paths are relative to the same directory, or
/// absolute.
[[nodiscard]] std::set<std::string> affected_images(const std::vector<ImageFolder> &tree,
                                                    const std::vector<std::filesystem::path> &paths);

} // namespace mica::cli
