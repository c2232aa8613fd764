#pragma once
/// @file
/// What software an image has: a bill of materials from its files.
#include "base/clock.hh"
#include "oci/image.hh"
#include "verify/sbom/package.hh"
#include <stop_token>
#include <string>
#include <vector>

namespace mica::verify {

struct Inventory {
    Distribution distribution;
    std::vector<Package> packages; ///< sorted, each once
    /// Databases that are there but cannot be read here ("/var/lib/rpm/rpmdb.sqlite").
    std::vector<std::string> unread;
};

/// Streams every layer once, lowest first; what upper layers remove or replace is not in the result. Files
/// larger than 256 MiB are not looked into. Throws Error; Cancelled.
[[nodiscard]] Inventory take_inventory(const oci::Image &image, const std::stop_token &stop);

/// Of what a document is, and when it was made.
struct SbomSubject {
    std::string name, digest; ///< digest: "sha256:…" of the manifest
    Time created;
    std::string tool_version;
};

/// SPDX 2.3 and CycloneDX 1.5 as JSON. The bytes depend on the arguments alone.
[[nodiscard]] std::string spdx_document(const Inventory &inventory, const SbomSubject &subject);
[[nodiscard]] std::string cyclonedx_document(const Inventory &inventory, const SbomSubject &subject);

} // namespace mica::verify
