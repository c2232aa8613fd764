#include "cli/kaniko/cache_flags.hh"

#include "base/error.hh"
#include "cli/kaniko/duration.hh"
#include "cli/kaniko/flag_makers.hh"
#include <filesystem>
#include <fmt/format.h>
#include <string_view>
#include <utility>

namespace mica::cli::kaniko {

namespace {

constexpr std::string_view layout_scheme = "oci:";

cache::CachePlace parse_repository(const std::string &given)
{
    if (given.starts_with(layout_scheme))
        return cache::LayoutPlace{given.substr(layout_scheme.size()), cache_tag};
    const auto name = oci::Reference::parse(given);
    if (name.digest())
        throw Error{ErrorKind::usage, "a cache is named by its repository, not by a digest"};
    const bool has_tag = given.ends_with(":" + name.tag().value_or(""));
    return has_tag ? name : oci::Reference::parse(fmt::format("{}:{}", name.name(), cache_tag));
}

std::optional<cache::CachePlace> place_of(const CacheFlags &flags,
                                          std::span<const oci::Reference> destinations)
{
    if (flags.repository || destinations.empty())
        return flags.repository;
    return oci::Reference::parse(fmt::format("{}/cache:{}", destinations.front().name(), cache_tag));
}

} // namespace

std::vector<Flag> cache_flags(CacheFlags &into)
{
    return {
        truth("cache",
              "Steps that were built before are taken from the cache of the repository and of the state "
              "directory, "
              "and added to them.",
              into.enabled),
        with_default(
            value(
                "cache-repo", "REPOSITORY|oci:DIR",
                "Where the shared cache is: one image, under the tag \"mica\", in a repository or in an OCI "
                "layout. What Kaniko keeps there is left alone.",
                [&into](const std::string &given) {
                    if (!given.empty())
                        into.repository = parse_repository(given);
                }),
            "the first destination's, with /cache"),
        with_default(
            text(0, "cache-dir", "DIR",
                 "Base images that the warmer fetched into this directory, which is only read, and only with "
                 "--cache.",
                 into.directory),
            into.directory),
        with_default(
            value(
                "cache-ttl", "DURATION",
                "Steps that were made longer ago are built anew; those that no build used for so long leave "
                "the cache.",
                [&into](const std::string &given) { into.time_to_live = parse_duration(given); }),
            "336h"),
        idle_switch("cache-copy-layers", "false",
                    "COPY and ADD are always cached with --cache: the key is what is copied, so they cannot "
                    "be stale, "
                    "and a RUN behind them is found again only if they are."),
        truth("cache-run-layers", "Whether RUN is cached, too.", into.run_layers),
        truth("no-push-cache", "The steps are not added to the shared cache.", into.no_push),
    };
}

void apply_cache_flags(const CacheFlags &flags, std::span<const oci::Reference> destinations, bool only_reads,
                       BuildOptions &build)
{
    build.no_cache = !flags.enabled;
    build.cached.run = flags.run_layers;
    if (!flags.enabled)
        return;
    build.cache_ttl = flags.time_to_live;
    std::error_code code;
    if (std::filesystem::exists(std::filesystem::path{flags.directory} / "oci" / "oci-layout", code))
        build.cache_dir = flags.directory;
    const auto place = place_of(flags, destinations);
    if (!place)
        return;
    // Everything is too old where the time to live is zero.
    if (flags.time_to_live.count() > 0)
        build.cache_from.push_back({*place, flags.time_to_live});
    if (!flags.no_push && !(only_reads && !flags.repository))
        build.cache_to.emplace_back(
            cache::ExportOptions{.place = *place, .all_steps = true, .keep_for = flags.time_to_live});
}

} // namespace mica::cli::kaniko
