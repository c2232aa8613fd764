#pragma once
/// @file
/// `mica build`: its options, typed, and the table that they come from.
#include "cli/cache_options.hh"
#include "cli/call_report.hh"
#include "cli/context_details.hh"
#include "cli/environment.hh"
#include "cli/option.hh"
#include "cli/proof_options.hh"
#include "cli/registry_options.hh"
#include "exec/build.hh"
#include "exec/mount_export.hh"
#include "oci/platform.hh"
#include "oci/reference.hh"
#include "output/output.hh"
#include "ui/renderer.hh"
#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace mica::cli {

struct BuildOptions {
    std::string context;
    ContextDetails context_details;
    std::optional<std::string> dockerfile; ///< "-": standard input; unset: CONTEXT/Dockerfile
    std::vector<oci::Reference> tags;
    bool push = false;
    std::vector<output::OutputSpec> outputs;
    std::map<std::string, std::string> build_args;
    std::string target;
    std::map<std::string, std::string> labels;
    oci::Annotations annotations;
    std::vector<oci::Platform> platforms;
    std::map<std::string, exec::NamedContext> named_contexts;
    std::vector<std::pair<std::string, std::string>> extra_hosts;
    std::map<std::string, ContentPtr> secrets;
    std::map<std::string, std::filesystem::path> ssh_agents;
    exec::Entitlements allowed;
    std::vector<std::string> ignored_paths; ///< patterns of what gets into no layer
    bool single_layer = false;              ///< all that the target's stage changed is one layer
    bool copy_as_user = false;              ///< files of the context belong to USER, not to root
    bool no_cache = false;
    std::vector<cache::SharedCacheOptions> cache_from;
    std::vector<CacheExport> cache_to;
    std::optional<std::filesystem::path> cache_dir;
    exec::CachedKinds cached;
    /// Steps of the state directory that were made longer ago are built anew; unset: of any age.
    std::optional<std::chrono::seconds> cache_ttl;
    exec::MountExport cache_mounts;
    bool cache_error_fails = false, explain_cache = false;
    std::optional<std::filesystem::path> iidfile, metadata_file;
    ui::Progress progress = ui::Progress::automatic;
    bool debug = false;
    std::optional<std::string> trace; ///< a file for the timeline
    std::string isolation = "auto";
    std::optional<std::filesystem::path> state;
    std::optional<std::uint64_t> keep_storage; ///< of the state directory, after the build
    std::vector<std::string> insecure_registries;
    RegistryOptions registries;
    std::optional<Compression> compression_kind; ///< as --compression says it
    std::optional<int> compression_level;
    CompressionOptions compression; ///< what all options together say
    std::optional<Time> source_date_epoch;
    unsigned jobs = 0;
    Call call; ///< --call and --check
    /// Whether an image that goes nowhere, or is named but not pushed, is kept in the state directory.
    bool keep_image = true;
    /// Whether it is tried before the build that the image can be pushed.
    bool check_push = true;
    /// Tags that are not moved to an image which was created before the one that has them.
    std::set<std::string> forward_only;
    ProofOptions proof;
};

/// Settles what only several options together say: names for a push, the compression,
/// SOURCE_DATE_EPOCH. Throws Error (usage).
void settle(BuildOptions &options, const Environment &environment);

/// SOURCE_DATE_EPOCH as a build argument, for the Dockerfile, and as a time, for the image: from the
/// argument, the environment, or what the options of proof say. Throws Error (usage).
void settle_epoch(BuildOptions &options, const Environment &environment);

/// The command with a table that writes into `into`; both must outlive it.
[[nodiscard]] CommandSpec build_command_spec(BuildOptions &into, const Environment &environment);

/// Parses and settles. nullopt: help was asked for.
[[nodiscard]] std::optional<BuildOptions> parse_build_options(const std::vector<std::string> &arguments,
                                                              const Environment &environment);

} // namespace mica::cli
