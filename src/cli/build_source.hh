#pragma once
/// @file
/// What a build is made of, from CONTEXT and --file: a directory, an archive, a repository, a download.
#include "base/clock.hh"
#include "base/event.hh"
#include "cli/context_details.hh"
#include "context/context.hh"
#include "context/fetch_access.hh"
#include "exec/origins.hh"
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace mica::cli {

struct BuildSource {
    std::shared_ptr<const context::Context> context; ///< through its ignore file
    std::vector<std::string> ignore_patterns;
    std::string dockerfile_text;
    std::string dockerfile_name;                 ///< in messages
    std::optional<Time> date;                    ///< when the context changed, if its origin says so
    std::optional<exec::ResolvedInput> origin{}; ///< of a context that was fetched
};

/// How a git context is to be checked out.
struct SourceOptions {
    std::string context;                        ///< CONTEXT
    std::optional<std::string> file;            ///< --file
    std::optional<std::string> dockerfile_text; ///< the Dockerfile, which is not read then
    std::string pin; ///< what a fetched context must be: a commit, or "sha256:…"; empty: what it is now
    bool keep_git_dir = false;
    bool mtime_of_commit = false; ///< times of files are the commit's
    ContextDetails details{};
};

/// CONTEXT is a directory, "-" (a tar archive or a Dockerfile on standard input), "tar://FILE", a git
/// repository, or the address of an archive or Dockerfile: http(s)://, s3://, gs://. --file is a path of the
/// host for a directory and of the context for all else, "-" or an HTTP(S) address. Throws Error (usage,
/// not_found, and what fetching throws), Cancelled.
[[nodiscard]] BuildSource open_build_source(const SourceOptions &options, const context::FetchAccess &access,
                                            EventBus &bus, const std::stop_token &stop);

} // namespace mica::cli
