#pragma once
/// @file
/// What --fixup takes out of the layers of RUNs, or makes the same, since it varies from build to
/// build and nobody misses it. The rules: docs/reproducible.md, "Fixups".
#include "base/clock.hh"
#include "layer/change.hh"
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace mica::exec {

enum class Fixup : std::uint8_t {
    logs,       ///< what a RUN writes to logs is left out
    caches,     ///< and what it writes to caches that programs make anew
    machine_id, ///< and the identity of a machine
    pyc,        ///< compiled Python names the time that its source has in the layer
    ar,         ///< times and owners of members of static libraries are zero
    gzip,       ///< times in headers of gzip files are zero
    zip         ///< times of members of zip and jar files are one
};
using Fixups = std::set<Fixup>;

/// "logs", "machine-id", …, "all"; throws Error (usage).
[[nodiscard]] Fixups parse_fixups(std::string_view list);
/// As parse_fixups() reads it, in one order.
[[nodiscard]] std::string format_fixups(const Fixups &fixups);

/// The changes as they come out of the rules, on which `epoch` is the latest time. Files that are left
/// out stay as the layers below have them. A file that is read for it is read into memory; larger
/// ones than 256 MiB stay as they are, as do broken ones.
[[nodiscard]] std::unique_ptr<layer::ChangeSource>
with_fixups(std::unique_ptr<layer::ChangeSource> changes, const Fixups &fixups, std::optional<Time> epoch);

/// Whether a rule leaves the file out.
[[nodiscard]] bool is_left_out(std::string_view path, const Fixups &fixups);

} // namespace mica::exec
