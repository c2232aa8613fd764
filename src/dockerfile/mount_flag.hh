#pragma once
/// @file
/// RUN --mount=key=value,…: a CSV line whose values may hold variables.
#include "dockerfile/instruction.hh"
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mica::dockerfile {

/// One field; no value for a bare "ro" or "required".
struct MountField {
    std::string key; ///< lower case
    std::optional<std::string> value;
    std::string text; ///< as written
};
/// The fields of a flag. Throws Error (dockerfile) for broken quoting and for a
/// variable in "from".
[[nodiscard]] std::vector<MountField> mount_fields(std::string_view text);

enum class MountKind : std::uint8_t { bind, cache, tmpfs, secret, ssh };
enum class MountSharing : std::uint8_t { shared, private_, locked };

/// All keys typed and checked against the kind; defaults that need no context are
/// in, those of target and id are not (they depend on the kind and on WORKDIR).
struct Mount {
    MountKind kind = MountKind::bind;
    std::string from;   ///< empty: the context (bind), nothing (cache)
    std::string source; ///< secret: an alias of id
    std::string target;
    bool read_only = true;  ///< default: false for cache and tmpfs
    std::uint64_t size = 0; ///< bytes; 0: no limit
    std::string id;
    std::optional<MountSharing> sharing;         ///< only for cache
    bool required = false;                       ///< only for secret and ssh
    std::optional<std::string> env;              ///< secret; "env=" empty means the default name
    std::optional<std::uint32_t> mode, uid, gid; ///< only for secret, ssh and cache
};

/// Gives the expanded value of a field.
using MountExpander = std::function<std::string(std::string_view value)>;
/// Throws Error (dockerfile) with "did you mean"; what the expander throws passes.
[[nodiscard]] Mount parse_mount(const MountFlag &flag, const MountExpander &expand);

} // namespace mica::dockerfile
