#pragma once
/// @file
/// The directories that a build may copy from, by name.
#include "context/context.hh"
#include "exec/build.hh"
#include "exec/remote_files.hh"
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <utility>

namespace mica::exec {

/// The --build-context that `name` means: both are read as image names, so that
/// "alpine", "alpine:latest" and "docker.io/library/alpine" are one; null: none.
[[nodiscard]] const NamedContext *find_named_context(const BuildRequest &request, const std::string &name);

/// "" is the main context; a named one is opened, a directory with its own .dockerignore, when it is first
/// asked for. find() may be called from any thread; the references must outlive it.
class NamedContexts {
public:
    NamedContexts(const BuildRequest &request, RemoteFiles &remote, TaskId task, std::stop_token stop)
        : request_{request}, remote_{remote}, task_{task}, stop_{std::move(stop)}
    {
    }
    [[nodiscard]] std::shared_ptr<const context::Context> find(const std::string &name);

private:
    [[nodiscard]] std::shared_ptr<const context::Context> open(const NamedContext &context);

    const BuildRequest &request_;
    RemoteFiles &remote_;
    TaskId task_;
    std::stop_token stop_;
    std::mutex mutex_;
    std::map<std::string, std::shared_ptr<const context::Context>> opened_;
};

} // namespace mica::exec
