#pragma once
/// @file
/// Everything that one build works with, and the build itself: from options to outputs.
#include "base/clock.hh"
#include "base/event.hh"
#include "base/thread_pool.hh"
#include "cache/build_cache.hh"
#include "cli/build_options.hh"
#include "cli/call_report.hh"
#include "cli/environment.hh"
#include "cli/metadata.hh"
#include "cli/registry_access.hh"
#include "cli/state_directory.hh"
#include "exec/build.hh"
#include "net/client.hh"
#include "oci/layout.hh"
#include "output/output.hh"
#include "sandbox/sandbox.hh"
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

namespace mica::cli {

/// The isolation, chosen when the first RUN needs it: a build without one runs where
/// no sandbox can be had. Any thread.
class LazyBackend {
public:
    LazyBackend(sandbox::Options options, EventBus &bus) : options_{std::move(options)}, bus_{bus} {}

    sandbox::Backend &get();

private:
    sandbox::Options options_;
    EventBus &bus_;
    std::once_flag chosen_;
    std::unique_ptr<sandbox::Backend> backend_;
};

/// The network of what is fetched beside images, made when it is first needed. Any thread.
class LazyNetwork {
public:
    net::Client &get();

private:
    std::once_flag made_;
    std::unique_ptr<net::Client> client_;
};

/// Members stand in the order in which they are made. The arguments of the constructor
/// outlive it. Throws Error, Cancelled.
class BuildSession {
public:
    BuildSession(const BuildOptions &options, const Environment &environment, EventBus &bus,
                 const std::stop_token &stop);

    /// Builds, and writes every output.
    [[nodiscard]] ImageMetadata run();
    /// What the target takes from elsewhere; nothing is built.
    [[nodiscard]] std::vector<exec::ResolvedInput> resolve();
    /// The stages and steps that would be built; nothing is.
    [[nodiscard]] std::string plan_text();
    /// Answers what --call asks; nothing is built.
    [[nodiscard]] CallReport answer();

private:
    [[nodiscard]] context::FetchAccess fetch_access(const Environment &environment);
    [[nodiscard]] exec::BuildRequest make_request() const;
    exec::Services make_services();
    /// Where the image is pushed to, of all outputs together.
    [[nodiscard]] std::vector<oci::Reference> push_names() const;
    /// Says before the build what a push after it would.
    void check_destinations();
    oci::Descriptor write_outputs(const output::BuiltImages &built);
    oci::Descriptor write_output(const output::BuiltImages &built, const output::OutputSpec &spec);
    /// Whether a tag is not to be moved back to this image; says so.
    [[nodiscard]] bool must_stay(const oci::Reference &name, const output::BuiltImages &built);
    oci::Descriptor keep(const output::BuiltImages &built);

    const BuildOptions &options_;
    EventBus &bus_;
    const std::stop_token &stop_;
    StateDirectory state_;
    std::vector<std::string> leftovers_;
    ScratchDirectory scratch_;
    LazyNetwork network_;
    context::FetchAccess fetch_; ///< of what the Dockerfile names
    exec::BuildRequest request_;
    std::shared_ptr<oci::Layout> store_;
    RegistryAccess access_;
    SystemClock clock_;
    cache::BuildCache cache_;
    LazyBackend backend_;
    ThreadPool pool_;
};

/// Whether it was said before the build that the image cannot be pushed.
[[nodiscard]] bool is_about_permissions_to_push(const Error &error);

} // namespace mica::cli
