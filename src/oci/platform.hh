#pragma once
/// @file
/// Platforms: parsing, normalising, and choosing from an index (containerd's rules).
#include "oci/model.hh"
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace mica::oci {

/// "os/arch[/variant]", "arch" alone, "local", with osversion as "windows(10.0.1)/amd64";
/// normalised. Throws Error (usage).
[[nodiscard]] Platform parse_platform(std::string_view text);
[[nodiscard]] Platform normalize(Platform platform);
/// "linux/amd64", "linux/arm/v7".
[[nodiscard]] std::string format_platform(const Platform &platform);
/// The platform of this machine.
[[nodiscard]] Platform host_platform();
/// Whether an image of platform `have` may run where `want` is asked (same OS and
/// architecture, an equal or older variant).
[[nodiscard]] bool satisfies(const Platform &have, const Platform &want);
/// The best descriptor for `want`: exact variant first, then older ones, then an entry that
/// names no platform; entries of platform unknown/unknown, attestations and artifacts are
/// skipped. The result may be an index in its turn. nullopt: none fits.
[[nodiscard]] std::optional<Descriptor> choose(std::span<const Descriptor> manifests, const Platform &want);

} // namespace mica::oci
