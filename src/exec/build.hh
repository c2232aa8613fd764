#pragma once
/// @file
/// The build as one call: a Dockerfile and its contexts in, images out.
#include "base/clock.hh"
#include "base/event.hh"
#include "base/thread_pool.hh"
#include "context/context.hh"
#include "context/fetch_access.hh"
#include "context/remote_source.hh"
#include "exec/fixups.hh"
#include "exec/ignored_paths.hh"
#include "exec/layer_listener.hh"
#include "exec/origins.hh"
#include "io/codec.hh"
#include "io/content.hh"
#include "oci/image.hh"
#include "oci/layout.hh"
#include "registry/client.hh"
#include "sandbox/sandbox.hh"
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

namespace mica::cache {
class BuildCache;
}

namespace mica::exec {

/// --build-context NAME=…
struct DirectoryContext {
    std::filesystem::path path;
};
struct LayoutContext {
    std::filesystem::path path;
    std::string reference; ///< after ":" (tag) or "@" (digest); empty: the only image
};
struct ImageContext {
    std::string reference;
};
/// A git repository, or a file over HTTP(S) (called "context" in there).
struct RemoteContext {
    context::RemoteSource source;
};
using NamedContext = std::variant<DirectoryContext, LayoutContext, ImageContext, RemoteContext>;

/// What a Dockerfile may only do if the user says so (--allow).
struct Entitlements {
    bool network_host = false, security_insecure = false;
    bool device = false;           ///< all of them
    std::set<std::string> devices; ///< these, named as RUN --device names them
};

/// Which steps are looked up in the caches and kept there.
struct CachedKinds {
    bool run = true, copy = true; ///< copy: ADD, and WORKDIR, too
};

struct BuildRequest {
    std::string dockerfile_text;
    std::string dockerfile_name; ///< in messages
    std::shared_ptr<const context::Context> context;
    std::vector<std::string> ignore_patterns; ///< of the main context, for checks
    /// When the main context last changed, where its origin says so: what SOURCE_DATE_EPOCH=context means.
    std::optional<Time> context_date;
    /// Where the main context was fetched, and what was there; for who tells of the build.
    std::optional<ResolvedInput> context_origin{};
    std::map<std::string, NamedContext> named_contexts;
    std::map<std::string, std::string> build_args;
    std::string target;
    std::vector<oci::Platform> platforms; ///< empty: this machine's
    std::map<std::string, std::string> labels;
    oci::Annotations annotations;
    bool no_cache = false;
    bool explain_cache = false; ///< tell of every miss how it differs, not of a stage's first alone
    CachedKinds cached;
    std::vector<std::pair<std::string, std::string>> extra_hosts;
    std::map<std::string, ContentPtr> secrets; ///< by id; opened only for a RUN that mounts them
    std::map<std::string, std::filesystem::path> ssh_agents; ///< by id: the agents' sockets
    Entitlements allowed;
    CompressionOptions compression;
    std::optional<Time> source_date_epoch;
    bool fixed_times = false;  ///< every time in new layers is the epoch, not only later ones
    bool reproducible = false; ///< RUN sees SOURCE_DATE_EPOCH in its environment
    Fixups fixups;             ///< of what RUNs made
    IgnoredPaths ignored;      ///< get into no layer
    bool single_layer = false; ///< all that the target's stage changed is one layer
    bool copy_as_user = false; ///< what COPY and ADD take from the context belongs to USER, not to root
    std::optional<Pins> pins;  ///< what is not in them is refused
    unsigned jobs = 0;         ///< stages side by side; 0: as many as there are
};

/// What the build works with; everything must outlive the call. Nothing here is
/// owned by one build: several may run at once.
struct Services {
    EventBus &bus;
    registry::Client &registry;
    std::shared_ptr<oci::Layout> store; ///< the state directory's layout
    /// Called once, when the first RUN needs it.
    std::function<sandbox::Backend &()> backend;
    ThreadPool &pool;
    Clock &clock;
    std::filesystem::path scratch; ///< a directory for temporary files, removed by its owner
    /// How ADD and named contexts fetch; what it lends is what the Dockerfile may use.
    context::FetchAccess fetch{};
    cache::BuildCache *cache = nullptr; ///< null: no cache
    std::filesystem::path trees{};      ///< indexes of layers by diff_id are kept here; empty: in memory only
    /// Layers of base images that are there already, and their indexes; read-only. May be null.
    std::shared_ptr<const oci::Layout> warmed{};
    std::filesystem::path warmed_trees{};
    /// Hears of every layer that a built image will have.
    LayerListener on_layer{};
};

struct BuildResult {
    std::vector<oci::Image> images; ///< in the order of the platforms
    std::vector<std::vector<LayerOrigin>>
        origins;                       ///< of each image's layers that this build made or found cached
    std::vector<ResolvedInput> inputs; ///< sorted, each once
    std::optional<Time> epoch;         ///< SOURCE_DATE_EPOCH, as it was resolved
};

/// Throws Error with the Dockerfile's span; Cancelled. Leaves nothing half-written.
[[nodiscard]] BuildResult build(const BuildRequest &request, Services &services, const std::stop_token &stop);

} // namespace mica::exec
