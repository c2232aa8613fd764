#pragma once
/// @file
/// The directories that a build may copy from, by name.
#include "context/context.hh"
#include "exec/build.hh"
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace mica::exec {

/// The --build-context that `name` means: both are read as image names, so that
/// "alpine", "alpine:latest" and "docker.io/library/alpine" are one; null: none.
[[nodiscard]] const NamedContext *find_named_context(const BuildRequest &request, const std::string &name);

/// "" is the main context; a named one is opened, with its own .dockerignore, when it is first asked for.
/// find() may be called from any thread.
class NamedContexts {
public:
    explicit NamedContexts(const BuildRequest &request) : request_{request} {}
    [[nodiscard]] std::shared_ptr<const context::Context> find(const std::string &name);

private:
    const BuildRequest &request_;
    std::mutex mutex_;
    std::map<std::string, std::shared_ptr<const context::Context>> opened_;
};

} // namespace mica::exec
