#pragma once
/// @file
/// The files in which Kaniko's executor tells what it built.
#include "base/digest.hh"
#include "cli/environment.hh"
#include "oci/reference.hh"
#include <stop_token>
#include <string>
#include <vector>

namespace mica::cli::kaniko {

/// Each empty: not wanted.
struct DigestFiles {
    std::string digest;            ///< "sha256:…" without a line's end: a path, or https://… (by PUT)
    std::string names_with_digest; ///< REPOSITORY@DIGEST, a line each
    std::string names_tags_digest; ///< REPOSITORY:TAG@DIGEST, a line each
};

/// Directories are made where they are missing; files are written in place, as some are mounts of their own
/// (/dev/termination-log). $BUILDER_OUTPUT/images gets a JSON object a line. Throws Error, Cancelled.
void write_digest_files(const DigestFiles &files, const std::vector<oci::Reference> &destinations,
                        const Digest &digest, const Environment &environment, const std::stop_token &stop);

} // namespace mica::cli::kaniko
