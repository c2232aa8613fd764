#pragma once
/// @file
/// Where the layers of a build, and what it took from elsewhere, come from.
#include "base/digest.hh"
#include "base/error.hh"
#include <compare>
#include <cstdint>
#include <map>
#include <string>

namespace mica::exec {

/// A layer and the instruction that made it.
struct LayerOrigin {
    Digest diff_id;
    std::string instruction;
    bool is_run = false;
    SourceSpan where;
};

/// Something from outside that the Dockerfile, or the user, names.
struct ResolvedInput {
    enum class Kind : std::uint8_t {
        image,  ///< of a registry
        layout, ///< an image of an OCI layout, given with --build-context
        kept,   ///< an image that an earlier build left in the state directory
        file,   ///< what an HTTP(S) address gave
        commit  ///< of a git repository
    } kind{};
    /// As the Dockerfile means it: "docker.io/library/debian:12"; of files and commits see pin_name().
    std::string name;
    std::string platform; ///< "linux/amd64"; digests of indexes are the same for all. Empty: files, commits
    std::string digest;   ///< "sha256:…" of the index, the manifest or the file; of a commit its hash alone
    auto operator<=>(const ResolvedInput &) const = default;
};

/// What names meant when they were pinned.
struct Pins {
    std::map<std::string, Digest> images;
    std::map<std::string, Digest> files;        ///< by pin_name()
    std::map<std::string, std::string> commits; ///< whole hashes, by pin_name()
    bool refuse_others = true;                  ///< what has no pin is an error, and not looked up anew
    bool operator==(const Pins &) const = default;
};

} // namespace mica::exec
