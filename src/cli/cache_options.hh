#pragma once
/// @file
/// --cache-from, --cache-to and the like, from text. Everything here throws Error (usage).
#include "cache/export.hh"
#include "cache/image_cache.hh"
#include "exec/mount_export.hh"
#include <chrono>
#include <optional>
#include <string_view>
#include <variant>

namespace mica::cli {

/// In the images themselves.
struct InlineExport {};
using CacheExport = std::variant<cache::ExportOptions, InlineExport>;

/// "REF", "type=registry,ref=REF[,ttl=TIME]", "type=local,src=DIR[,tag=TAG][,ttl=TIME]".
[[nodiscard]] cache::SharedCacheOptions parse_cache_from(std::string_view text);
/// "REF", "type=registry,ref=REF[,mode=min|max][,keep=TIME]",
/// "type=local,dest=DIR[,tag=TAG][,mode=…][,keep=…]", "type=inline".
[[nodiscard]] CacheExport parse_cache_to(std::string_view text);
/// "90m", "336h", "14d"; seconds without a unit.
[[nodiscard]] std::chrono::seconds parse_age(std::string_view text);
/// "all" or "export=ID,ID…", and perhaps "max-size=SIZE".
[[nodiscard]] exec::MountExport parse_cache_mounts(std::string_view text);
/// "warn" or "fail": whether it fails the build.
[[nodiscard]] bool parse_cache_error(std::string_view text);

} // namespace mica::cli
