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

/// Something from outside that the Dockerfile names.
struct ResolvedInput {
    enum class Kind : std::uint8_t {
        image,  ///< of a registry
        layout, ///< an image of an OCI layout, given with --build-context
        kept    ///< an image that an earlier build left in the state directory
    } kind{};
    std::string name;     ///< as the Dockerfile means it: "docker.io/library/debian:12"
    std::string platform; ///< "linux/amd64"; digests of indexes are the same for all
    std::string digest;   ///< "sha256:…" of the index or manifest
    auto operator<=>(const ResolvedInput &) const = default;
};

/// Digests by names of images: what the names meant when they were pinned.
using Pins = std::map<std::string, Digest>;

} // namespace mica::exec
