#pragma once
/// @file
/// What lies in a state directory, how large it is, and when it was last of use.
#include "base/clock.hh"
#include "base/digest.hh"
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace mica::cache {

/// The parts of a state directory (docs/formats.md).
struct StatePaths {
    std::filesystem::path root;
    [[nodiscard]] std::filesystem::path images() const { return root / "oci"; }
    [[nodiscard]] std::filesystem::path blobs() const { return images() / "blobs" / "sha256"; }
    [[nodiscard]] std::filesystem::path entries() const { return root / "cache"; }
    [[nodiscard]] std::filesystem::path trees() const { return root / "trees"; }
    [[nodiscard]] std::filesystem::path layers() const { return root / "layers"; }
    [[nodiscard]] std::filesystem::path mounts() const { return root / "cache-mounts"; }
    [[nodiscard]] std::filesystem::path temporary() const { return root / "tmp"; }
};

enum class ItemKind : std::uint8_t {
    image,     ///< a blob that an image in the layout has: never pruned
    step,      ///< a layer that cache entries name, with them
    blob,      ///< any other blob: layers of base images, mostly
    tree,      ///< the index of a layer
    extracted, ///< a layer on disk
    mount,     ///< a directory of RUN --mount=type=cache
    rest       ///< files that keep the others in order: never pruned
};

/// "image layers", "cached steps" …
[[nodiscard]] std::string_view name_of(ItemKind kind);

struct StateItem {
    ItemKind kind{};
    std::filesystem::path path;
    std::vector<std::filesystem::path> with; ///< files that go with it
    std::uint64_t size = 0;                  ///< bytes that the disk gives for it
    Time used{};
    std::string note; ///< what people know it by
};

/// Everything, each byte in exactly one item: what has several names is counted with the
/// first. Others may be at work meanwhile.
[[nodiscard]] std::vector<StateItem> survey(const StatePaths &paths, const std::stop_token &stop);

/// When the build that runs for the longest time began; nullopt: none runs.
[[nodiscard]] std::optional<Time> oldest_build(const StatePaths &paths);

} // namespace mica::cache
