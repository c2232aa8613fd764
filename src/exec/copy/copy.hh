#pragma once
/// @file
/// COPY and ADD as a function of values: what is there, what is copied, and where to;
/// out come the changes of a layer. No root file system is touched.
#include "base/clock.hh"
#include "context/remote_source.hh"
#include "exec/copy/ids.hh"
#include "exec/copy/source_view.hh"
#include "layer/change.hh"
#include "layer/path_lookup.hh"
#include "plan/plan.hh"
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace mica::exec {

/// What a remote source of ADD is, fetched: for a URL a view with one file, for git the
/// work tree. The source has the flags of the step (checksum, keep-git-dir) in it.
using RemoteFetcher = std::function<std::shared_ptr<const SourceView>(const context::RemoteSource &source)>;

/// All that one COPY or ADD depends on. References must outlive the call to
/// plan_copy(); the source must outlive the contents of its result.
struct CopyRequest {
    const plan::CopyStep &step;
    const SourceView &source; ///< of step.from
    layer::PathLookup destination;
    std::optional<Owner> owner; ///< of step.chown
    Time now{};                 ///< mtime of directories that come into being and of inline files
    /// For the members of archives: one unlinked file, which lives as long as they do.
    std::filesystem::path scratch;
    std::string ignore_file = ".dockerignore"; ///< its name, for hints
    RemoteFetcher fetch;                       ///< empty: remote sources are refused (unsupported)
    bool reads_ahead = false;                  ///< a source is worth a thread that walks it (read_ahead.hh)
};

/// The changes that the step's layer has, sorted by path_less, each path once (an opaque
/// mark aside); a hard link's target is its first name. Only metadata is in memory. May
/// be empty (a wildcard without a match). Throws Error (dockerfile, not_found,
/// unsupported, integrity for a broken archive), Cancelled.
[[nodiscard]] std::vector<layer::Change> plan_copy(const CopyRequest &request, const std::stop_token &stop);

} // namespace mica::exec
