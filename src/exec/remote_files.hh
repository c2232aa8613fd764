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

namespace mica::exec {

/// The same source gives the same files to all stages and platforms of a build, whatever its server
/// answers the second time. Any thread; who asks for what another is fetching waits.
class RemoteFiles {
public:
    explicit RemoteFiles(Services &services) : services_{services} {}

    /// A view with the one file, or of the repository.
    [[nodiscard]] std::shared_ptr<const SourceView> view(const context::RemoteSource &source, TaskId task,
                                                         const std::stop_token &stop);
    /// As a context: the file is called "context" in there.
    [[nodiscard]] std::shared_ptr<const context::Context> open(const context::RemoteSource &source,
                                                               TaskId task, const std::stop_token &stop);
    /// When it last changed; nullopt: the server does not say.
    [[nodiscard]] std::optional<Time> date(const context::RemoteSource &source, TaskId task,
                                           const std::stop_token &stop);

private:
    template <class Fetched> struct Slot {
        std::mutex mutex;
        std::optional<Fetched> fetched;
    };
    template <class Fetched> using Slots = std::map<std::string, std::shared_ptr<Slot<Fetched>>>;

    template <class Fetched, class Fetch>
    Fetched once(Slots<Fetched> &slots, const std::string &key, Fetch fetch);
    context::Download get(const context::HttpSource &source, TaskId task, const std::stop_token &stop);
    context::GitTree get(const context::GitSource &source, TaskId task, const std::stop_token &stop);

    Services &services_;
    std::mutex mutex_;
    Slots<context::Download> downloads_;
    Slots<context::GitTree> trees_;
};

} // namespace mica::exec
