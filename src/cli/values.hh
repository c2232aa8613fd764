#pragma once
/// @file
/// The values of options, from text. Everything here throws Error (usage).
#include "exec/build.hh"
#include "io/codec.hh"
#include "ui/renderer.hh"
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mica::cli {

[[nodiscard]] bool parse_switch(std::string_view text);
/// A decimal number between the two.
[[nodiscard]] std::int64_t parse_number(std::string_view text, std::int64_t least, std::int64_t most);

/// NAME[=VALUE].
struct NameValue {
    std::string name;
    std::optional<std::string> value;
};
[[nodiscard]] NameValue parse_name_value(std::string_view text);

/// NAME=DIR, NAME=oci-layout://PATH[:TAG][@DIGEST], NAME=docker-image://REF, or NAME= with the address
/// of a git repository or file.
[[nodiscard]] std::pair<std::string, exec::NamedContext> parse_build_context(std::string_view text);
/// HOST:ADDRESS or HOST=ADDRESS; an IPv6 address may stand in brackets.
[[nodiscard]] std::pair<std::string, std::string> parse_extra_host(std::string_view text);
/// [manifest:]KEY=VALUE; what else annotations can be on is refused.
[[nodiscard]] std::pair<std::string, std::string> parse_annotation(std::string_view text);
/// "gzip", "zstd", "none", or as BuildKit says it "uncompressed".
[[nodiscard]] Compression parse_compression(std::string_view text);
/// The level, if the codec has it.
[[nodiscard]] CompressionOptions checked_compression(Compression kind, std::optional<int> level);
[[nodiscard]] ui::Progress parse_progress(std::string_view text);
/// Seconds since 1970, as reproducible-builds.org specifies SOURCE_DATE_EPOCH.
[[nodiscard]] Time parse_source_date_epoch(std::string_view text);

} // namespace mica::cli
