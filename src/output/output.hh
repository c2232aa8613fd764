#pragma once
/// @file
/// Where a finished image goes: registry, OCI layout, docker archive, or its root
/// file system as a tar or a directory.
#include "base/event.hh"
#include "oci/image.hh"
#include "oci/reference.hh"
#include "registry/client.hh"
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace mica::output {

enum class OutputType : std::uint8_t { registry, oci, docker, tar, local };

/// --output type=…,dest=…[,tar=false]
struct OutputSpec {
    OutputType type{};
    std::filesystem::path destination; ///< "-": standard output (tar forms)
    bool as_tar = true;                ///< oci: an archive, or a directory
    std::vector<oci::Reference> names; ///< registry: where to push; others: names given to the image
    /// docker: Docker's media types are written whatever this says.
    bool oci_media_types = true;
};

/// The value of --output. Throws Error (usage) with "did you mean" for unknown keys and types.
[[nodiscard]] OutputSpec parse_output(std::string_view text);

/// One platform's image, or several that form an index.
struct BuiltImages {
    std::vector<oci::Image> images;
    bool as_index = false; ///< several platforms were asked for
};

struct OutputServices {
    registry::Client &registry;
    EventBus &bus;
    std::string_view standard_output = "/dev/stdout";
};

/// What was made: the digest of manifest or index.
struct Written {
    oci::Descriptor descriptor;
};

/// Writes as a whole or not at all: files appear under their name when complete,
/// tags move last. Throws Error; Cancelled.
[[nodiscard]] Written write_output(const BuiltImages &built, const OutputSpec &spec, OutputServices &services, TaskId parent,
                                   const std::stop_token &stop);

} // namespace mica::output
