#pragma once
/// @file
/// Where an image comes from, as a SLSA v1 provenance predicate (https://slsa.dev/spec/v1.0/provenance).
/// What mica writes into it: docs/formats.md, "Provenance".
#include "base/clock.hh"
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mica::verify {

inline constexpr std::string_view provenance_type = "https://slsa.dev/provenance/v1";
inline constexpr std::string_view spdx_type = "https://spdx.dev/Document";
inline constexpr std::string_view cyclonedx_type = "https://cyclonedx.org/bom";

/// Something that a build took from elsewhere, as it was then.
struct Material {
    std::string name;   ///< as the Dockerfile has it
    std::string uri;    ///< a package URL, or an address
    std::string digest; ///< "sha256:…", or a commit
    auto operator<=>(const Material &) const = default;
};

/// What a rebuild needs to know.
struct Provenance {
    std::string dockerfile_name;           ///< its path in the context
    std::optional<std::string> dockerfile; ///< its text
    std::map<std::string, std::string> build_args, labels;
    std::string target, platform;
    std::string fixups;                ///< as --fixup has it
    std::optional<std::int64_t> epoch; ///< SOURCE_DATE_EPOCH
    bool fixed_times = false;          ///< --timestamp
    bool reproducible = false;         ///< --reproducible
    std::string compression;           ///< "gzip", "zstd:19"
    /// Of a context that was fetched: its address, and the commit or "sha256:…" of what was there.
    std::string context_uri, context_digest;
    std::vector<Material> materials;
    std::string version; ///< of mica
    Time started{}, finished{};
};

enum class ProvenanceMode { min, max };

/// The predicate. `min` leaves out the text of the Dockerfile and the values of build arguments and
/// labels, which may be nobody else's business; such a provenance cannot be rebuilt from.
[[nodiscard]] std::string provenance_json(const Provenance &provenance, ProvenanceMode mode);

/// Reads a predicate that mica wrote; throws Error (integrity) for what is none, (unsupported) for another
/// builder's.
[[nodiscard]] Provenance parse_provenance(std::string_view json);

} // namespace mica::verify
