#pragma once
/// @file
/// What to build, as pure data: the stages that the target needs, in an order in
/// which each can be built after the ones before it; every word expanded, every
/// path absolute, the image's config and history complete.
#include "base/error.hh"
#include "oci/image_config.hh"
#include "oci/model.hh"
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace mica::plan {

/// Where files come from.
struct Scratch {
    auto operator<=>(const Scratch &) const = default;
};
struct StageInput {
    std::uint32_t stage = 0; ///< index into BuildPlan::stages, lower than the user's
    auto operator<=>(const StageInput &) const = default;
};
struct ImageInput {
    std::uint32_t image = 0; ///< index into BuildPlan::images
    auto operator<=>(const ImageInput &) const = default;
};
struct ContextInput {
    std::string name; ///< empty: the main context; else a named context that is a directory
    auto operator<=>(const ContextInput &) const = default;
};
using Input = std::variant<Scratch, StageInput, ImageInput, ContextInput>;

/// A file whose bytes stand in the Dockerfile (heredoc), already expanded.
struct InlineFile {
    std::string name, content;
    bool operator==(const InlineFile &) const = default;
};

struct CopyStep {
    bool is_add = false;
    /// Expanded; a source that is an inline file is a pair in inline_files instead.
    std::vector<std::string> sources;
    std::vector<InlineFile> inline_files;
    /// Absolute. A trailing slash (or "." as last component) is kept: it means "a directory".
    std::string destination;
    Input from = ContextInput{};
    std::string chown; ///< "user[:group]", names not yet looked up; empty: none
    std::string chmod; ///< octal or symbolic; empty: none
    bool link = false, parents = false;
    std::vector<std::string> excludes;
    std::optional<bool> keep_git_dir, unpack;
    std::string checksum;
};

enum class MountType : std::uint8_t { bind, cache, tmpfs, secret, ssh };
enum class CacheSharing : std::uint8_t { shared, private_, locked };

struct MountSpec {
    MountType type = MountType::bind;
    Input from = ContextInput{}; ///< bind, cache
    bool has_from = false;
    std::string source; ///< within `from`, cleaned
    std::string target; ///< absolute; empty for a secret that is only an environment variable
    bool read_only = true;
    std::string id;
    CacheSharing sharing = CacheSharing::shared;
    std::uint64_t size = 0;
    std::optional<std::uint32_t> mode, uid, gid;
    bool required = false;
    std::string env; ///< secret: the variable to set
};

struct RunStep {
    std::vector<std::string> argv;
    /// Complete but for HOME, which the executor takes from the root's /etc/passwd when
    /// it is not here. Proxy variables are apart: they never enter image, history or key.
    std::vector<std::string> environment;
    std::vector<std::string> proxy_environment;
    std::string working_directory;
    std::string user; ///< as USER says it: name or id, [:group]; empty: root
    std::vector<MountSpec> mounts;
    std::string network;  ///< "default", "none", "host"
    std::string security; ///< "sandbox", "insecure"
    std::vector<std::string> devices;
    std::vector<InlineFile> scripts; ///< heredoc with "#!": to be at /dev/pipes/NAME, 0755
};

/// Creates a directory and its parents (0755, owned by `user`) where missing.
struct WorkdirStep {
    std::string path, user;
};

using Operation = std::variant<CopyStep, RunStep, WorkdirStep>;

/// An operation that makes a layer.
struct Step {
    Operation operation;
    std::string name;          ///< what the user reads: the instruction, expanded
    std::uint32_t history = 0; ///< index of its entry in the stage's config.history
    SourceSpan where;
};

struct Stage {
    std::string name; ///< as shown: its name, or its number
    /// Scratch, StageInput or ImageInput; ContextInput where a named context that is a
    /// directory stands for the base: its files are the root file system.
    Input base;
    oci::Platform platform;
    std::vector<Step> steps;
    /// Config and history after the last instruction; diff_ids and times are exec/'s
    /// to fill. The base image's history stands first.
    oci::ImageConfig config;
    SourceSpan where;
};

/// An image that stages need, as the resolver gave it.
struct BaseImage {
    std::uint32_t handle = 0; ///< the resolver's own number for it
    std::string name;         ///< as the user reads it
    oci::ImageConfig config;
};

/// A remark of the build checks.
struct Warning {
    std::string rule, description, url, detail;
    SourceSpan where;
};

struct BuildPlan {
    std::vector<Stage> stages; ///< topological: inputs before users; only reachable ones
    std::uint32_t target = 0;
    std::vector<BaseImage> images;
    std::vector<Warning> warnings;
    /// SOURCE_DATE_EPOCH, in seconds: the time of the image and its new history.
    std::optional<std::int64_t> source_date_epoch{};
};

/// Indices of all stages (of the plan) whose result this stage's steps use.
[[nodiscard]] std::vector<std::uint32_t> stage_inputs(const Stage &stage);
/// Whether any of its steps needs the root file system on disk (a RUN does).
[[nodiscard]] bool needs_rootfs(const Stage &stage);

} // namespace mica::plan
