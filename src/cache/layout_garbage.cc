#include "cache/layout_garbage.hh"

#include "base/error.hh"
#include "base/stop.hh"
#include "oci/json.hh"
#include <filesystem>
#include <system_error>
#include <variant>
#include <vector>

namespace mica::cache {

namespace {

constexpr std::uint64_t largest_document = 16 << 20;

bool is_document(oci::MediaType type)
{
    return type == oci::MediaType::oci_manifest || type == oci::MediaType::docker_manifest ||
           type == oci::MediaType::oci_index || type == oci::MediaType::docker_list;
}

/// What a manifest or an index names.
std::vector<oci::Descriptor> named_by(const oci::Layout &layout, const oci::Descriptor &document,
                                      const std::stop_token &stop)
{
    const auto bytes = read_all(*layout.open(document, stop), largest_document);
    auto parsed = oci::parse_manifest(bytes, oci::media_type_name(document.media_type));
    if (auto *index = std::get_if<oci::Index>(&parsed))
        return std::move(index->manifests);
    auto &manifest = std::get<oci::Manifest>(parsed);
    auto named = std::move(manifest.layers);
    named.push_back(std::move(manifest.config));
    return named;
}

} // namespace

std::set<Digest> named_blobs(const oci::Layout &layout, const std::stop_token &stop)
{
    std::set<Digest> named;
    auto waiting = layout.manifests();
    while (!waiting.empty()) {
        throw_if_stopped(stop);
        const auto next = std::move(waiting.back());
        waiting.pop_back();
        if (!named.insert(next.digest).second || !is_document(next.media_type))
            continue;
        try {
            for (auto &one : named_by(layout, next, stop))
                waiting.push_back(std::move(one));
        } catch (const Error &) { // NOLINT(bugprone-empty-catch)
            // a damaged image: its other blobs are of no use without it
        }
    }
    return named;
}

void remove_unnamed_blobs(const oci::Layout &layout, const std::stop_token &stop)
{
    const auto named = named_blobs(layout, stop);
    std::error_code failure;
    for (const auto &file :
         std::filesystem::directory_iterator{layout.directory() / "blobs" / "sha256", failure}) {
        const auto name = file.path().filename().native();
        if (name.size() == 2 * Digest::size && !named.contains(Digest::parse("sha256:" + name)))
            std::filesystem::remove(file.path(), failure);
    }
}

} // namespace mica::cache
