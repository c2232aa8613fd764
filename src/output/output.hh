#pragma once
/// @file
/// Where a finished image goes: registry, OCI layout, docker archive, or its root
/// file system as a tar or a directory.
#include "base/event.hh"
#include "io/codec.hh"
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
    /// How new layers are to be compressed, if the output says it: layers are made before
    /// outputs, so it is the caller who must heed it. An output takes layers as they are.
    std::optional<Compression> compression{};
    std::optional<int> compression_level{};
    /// Added to those of the images (and win over them), and put into the index.
    oci::Annotations annotations{}, index_annotations{};
};

/// The value of --output, in the form of `docker buildx build`: comma-separated key=value (quotes as
/// in CSV), or a directory alone for type=local, or "-" alone for a tar to standard output.
/// Throws Error (usage) for what is unknown, with "did you mean", or is not supported.
[[nodiscard]] OutputSpec parse_output(std::string_view text);

/// What is said of an image: provenance, a bill of materials.
struct Attestation {
    std::size_t image = 0;      ///< which one of BuiltImages::images
    std::string predicate_type; ///< "https://slsa.dev/provenance/v1"
    std::string predicate;      ///< JSON
};

/// One platform's image, or several that form an index.
struct BuiltImages {
    std::vector<oci::Image> images;
    bool as_index = false; ///< several platforms were asked for
    /// Put beside the images, in an index; not into docker archives and root file systems.
    std::vector<Attestation> attestations{};
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
/// tags move last. An OCI layout directory that is there already gets the image in addition;
/// a directory of type local is written over, and what else is in it stays. Throws Error; Cancelled.
///
/// tar, local: the merged root file system; with several platforms each in a directory of its
/// own ("linux_arm64"). Owners and devices are kept by root only; others get a note.
[[nodiscard]] Written write_output(const BuiltImages &built, const OutputSpec &spec, OutputServices &services,
                                   TaskId parent, const std::stop_token &stop);

} // namespace mica::output
