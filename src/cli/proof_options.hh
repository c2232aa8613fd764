#pragma once
/// @file
/// Options of `mica build` that make an image repeatable, and tell where it comes from.
#include "base/clock.hh"
#include "cli/option.hh"
#include "exec/fixups.hh"
#include "exec/origins.hh"
#include "verify/provenance.hh"
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace mica::cli {

enum class SbomForm : std::uint8_t { spdx, cyclonedx };

struct ProofOptions {
    bool reproducible = false;
    std::optional<Time> timestamp;
    exec::Fixups fixups;
    std::optional<std::filesystem::path> lock;
    std::optional<exec::Pins> pins; ///< of the lock, or of a provenance
    /// Of a provenance: what a fetched context was, and the Dockerfile.
    std::string context_pin;
    std::optional<std::string> dockerfile_text;
    std::optional<verify::ProvenanceMode> provenance;
    std::set<SbomForm> sboms;
    std::optional<std::filesystem::path> attestation_directory;
};

[[nodiscard]] std::vector<OptionSpec> proof_option_specs(ProofOptions &into);

/// What SOURCE_DATE_EPOCH is, given what it was given as: --timestamp wins, --reproducible means 0 where
/// nothing else does. nullopt: there is none.
[[nodiscard]] std::optional<std::string> epoch_text(const ProofOptions &options,
                                                    const std::optional<std::string> &given);

/// Whether the text is the name of something whose date is taken, and no number.
[[nodiscard]] bool names_epoch(const std::string &text);

} // namespace mica::cli
