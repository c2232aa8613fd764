// Which image of several runs on a machine
//
// A variant names a level of an instruction set, and a machine of one level runs what was built for the
// levels below it: arm v8 runs v7, v6 and v5; amd64 v3 runs v2 and v1; arm64 v9.x runs v9.0 to v9.x and v8.0
// to v8.(x+5), as Arm defines the one by the other. Of what can run, the highest level is the best. Other
// than containerd, no image of another architecture is taken for a fit (386 on amd64, 32-bit arm on arm64): a
// build that asks for amd64 and silently goes on with 386 helps nobody.
#include "oci/platform.hh"

#include <algorithm>
#include <charconv>
#include <limits>

namespace mica::oci {

namespace {

struct Level {
    int major = 0, minor = 0;
};

/// One or two digits off the front of `text`; nullopt if there are none.
std::optional<int> take_number(std::string_view &text)
{
    int value = 0;
    const auto [end, code] =
        std::from_chars(text.data(), text.data() + std::min<std::size_t>(2, text.size()), value);
    if (code != std::errc{} || value < 0)
        return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return value;
}

/// "v8" or "v8.2"; nullopt if it is not of this form.
std::optional<Level> parse_level(std::string_view text)
{
    if (!text.starts_with('v'))
        return std::nullopt;
    text.remove_prefix(1);
    const auto major = take_number(text);
    if (!major || text.empty())
        return major ? std::optional{Level{*major, 0}} : std::nullopt;
    if (!text.starts_with('.'))
        return std::nullopt;
    text.remove_prefix(1);
    const auto minor = take_number(text);
    return minor && text.empty() ? std::optional{Level{*major, *minor}} : std::nullopt;
}

std::string_view default_level(std::string_view architecture)
{
    if (architecture == "amd64")
        return "v1";
    return architecture == "arm64" ? "v8" : "";
}

/// How many levels `have` lies below `want`; nullopt if it does not run there.
std::optional<int> levels_below(const std::string &architecture, std::string_view have, std::string_view want)
{
    if (have == want)
        return 0;
    const auto level = [&](std::string_view text) {
        return parse_level(text.empty() ? default_level(architecture) : text);
    };
    const auto h = level(have);
    const auto w = level(want);
    if (!h || !w)
        return std::nullopt;
    if (architecture == "arm64") {
        constexpr int a_generation = 200; // more than any difference within one
        if (h->major == w->major && h->minor <= w->minor)
            return w->minor - h->minor;
        if (w->major == 9 && h->major == 8 && h->minor <= w->minor + 5)
            return a_generation + w->minor + 5 - h->minor;
        return std::nullopt;
    }
    const bool has_levels = architecture == "arm" || architecture == "amd64";
    if (!has_levels || h->minor != 0 || w->minor != 0 || h->major > w->major)
        return std::nullopt;
    return w->major - h->major;
}

bool version_fits(const Platform &have, const Platform &want)
{
    if (want.os != "windows" || want.os_version.empty() || have.os_version == want.os_version)
        return true;
    return have.os_version.starts_with(want.os_version + ".");
}

bool features_fit(const Platform &have, const Platform &want)
{
    return std::ranges::all_of(have.os_features, [&](const std::string &feature) {
        return feature == "win32k" || std::ranges::find(want.os_features, feature) != want.os_features.end();
    });
}

/// Zero for an exact fit, more for older variants; nullopt for none.
std::optional<int> distance(const Platform &raw_have, const Platform &raw_want)
{
    const auto have = normalize(raw_have);
    const auto want = normalize(raw_want);
    if (have.os != want.os || have.architecture != want.architecture || !version_fits(have, want) ||
        !features_fit(have, want))
        return std::nullopt;
    return levels_below(want.architecture, have.variant, want.variant);
}

bool may_be_an_image(const Descriptor &entry)
{
    if (entry.annotations.contains("vnd.docker.reference.type"))
        return false; // an attestation about another entry
    if (entry.platform && (entry.platform->os == "unknown" || entry.platform->architecture == "unknown"))
        return false;
    const bool artifact = !entry.artifact_type.empty() &&
                          entry.artifact_type != media_type_name(MediaType::oci_config) &&
                          entry.artifact_type != media_type_name(MediaType::docker_config);
    switch (entry.media_type) {
    case MediaType::oci_manifest:
    case MediaType::docker_manifest:
        return !artifact;
    case MediaType::oci_index:
    case MediaType::docker_list:
        return true;
    default:
        return false;
    }
}

} // namespace

bool satisfies(const Platform &have, const Platform &want)
{
    return distance(have, want).has_value();
}

std::optional<Descriptor> choose(std::span<const Descriptor> manifests, const Platform &want)
{
    const Descriptor *best = nullptr;
    int best_distance = std::numeric_limits<int>::max();
    for (const auto &entry : manifests) {
        if (!may_be_an_image(entry))
            continue;
        // Who does not say a platform may fit: taken when no other does.
        const auto far =
            entry.platform ? distance(*entry.platform, want) : std::numeric_limits<int>::max() - 1;
        if (far && *far < best_distance) {
            best = &entry;
            best_distance = *far;
        }
    }
    return best == nullptr ? std::nullopt : std::optional{*best};
}

} // namespace mica::oci
