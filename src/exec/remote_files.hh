#pragma once
/// @file
/// What ADD and named contexts fetch, once in a build.
#include "base/event.hh"
#include "context/context.hh"
#include "context/git_fetch.hh"
#include "context/http_fetch.hh"
#include "context/remote_source.hh"
#include "exec/build.hh"
#include "exec/copy/source_view.hh"
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace mica::exec {

/// The same source gives the same files to all stages and platforms of a build, whatever its server
/// answers the second time. Any thread; who asks for what another is fetching waits.
class RemoteFiles {
public:
    /// With pins sources are had as they were when they were pinned. What is passed in outlives it.
    RemoteFiles(Services &services, const std::optional<Pins> &pins) : services_{services}, pins_{pins} {}

    /// A view with the one file, or of the repository.
    [[nodiscard]] std::shared_ptr<const SourceView> view(const context::RemoteSource &source, TaskId task,
                                                         const std::stop_token &stop);
    /// As a context: the file is called "context" in there.
    [[nodiscard]] std::shared_ptr<const context::Context> open(const context::RemoteSource &source,
                                                               TaskId task, const std::stop_token &stop);
    /// When it last changed; nullopt: the server does not say.
    [[nodiscard]] std::optional<Time> date(const context::RemoteSource &source, TaskId task,
                                           const std::stop_token &stop);

    /// What was fetched so far.
    [[nodiscard]] std::vector<ResolvedInput> inputs() const;

private:
    template <class Fetched> struct Slot {
        std::mutex mutex;
        std::optional<Fetched> fetched;
    };
    template <class Fetched> using Slots = std::map<std::string, std::shared_ptr<Slot<Fetched>>>;

    template <class Fetched, class Fetch>
    Fetched once(Slots<Fetched> &slots, const std::string &key, Fetch fetch);
    [[nodiscard]] context::RemoteSource as_pinned(const context::RemoteSource &source) const;
    context::Download get(const context::HttpSource &source, TaskId task, const std::stop_token &stop);
    context::GitTree get(const context::GitSource &source, TaskId task, const std::stop_token &stop);
    void note(ResolvedInput::Kind kind, std::string name, std::string digest);

    Services &services_;
    const std::optional<Pins> &pins_;
    mutable std::mutex mutex_;
    std::vector<ResolvedInput> inputs_;
    Slots<context::Download> downloads_;
    Slots<context::GitTree> trees_;
};

} // namespace mica::exec
