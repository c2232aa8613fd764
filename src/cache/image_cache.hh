#pragma once
/// @file
/// A cache image as a shared cache: read in the background from the moment it is opened, so
/// that the steps of a build ask a table in memory and not a registry.
#include "base/clock.hh"
#include "base/event.hh"
#include "cache/cache_index.hh"
#include "cache/cache_place.hh"
#include "cache/documents.hh"
#include "cache/shared_cache.hh"
#include <chrono>
#include <exception>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>

namespace mica::cache {

/// The annotation of a cache image with the format's version, and of its layers that are
/// no steps' with what they hold.
inline constexpr const char *cache_annotation = "dev.mica.cache";
inline constexpr const char *image_kind = "1";
inline constexpr const char *index_kind = "index", *parts_kind = "parts", *trees_kind = "trees",
                            *mounts_kind = "mounts";
/// Of an ordinary image: the keys of its layers (inline_cache.hh).
inline constexpr const char *inline_annotation = "dev.mica.cache.keys";

[[nodiscard]] bool is_cache_image(const oci::Image &image);
/// The layers that hold documents of this kind.
[[nodiscard]] std::vector<oci::PlacedLayer> layers_of_kind(const oci::Image &image, std::string_view kind);
/// The table of contents. Throws Error (integrity, unsupported: another version).
[[nodiscard]] CacheIndex read_index_of(const oci::Image &image, const std::stop_token &stop);

struct SharedCacheOptions {
    CachePlace place;
    /// Entries whose layer is older are not used; zero: of any age.
    std::chrono::seconds time_to_live{};
    bool is_strict = false; ///< a cache that cannot be read is an error for who waits for it
};

class ImageCache final : public SharedCache {
public:
    /// `client`, `bus` and `clock` must outlive it. The destructor waits for the reading.
    ImageCache(SharedCacheOptions options, registry::Client &client, EventBus &bus, const Clock &clock,
               std::stop_token stop);

    [[nodiscard]] std::optional<CacheEntry> find(const CacheKey &key, const std::stop_token &stop) override;
    [[nodiscard]] std::shared_ptr<const oci::BlobReader> blobs() override;
    [[nodiscard]] std::string tree(const Digest &diff_id, const std::stop_token &stop) override;
    [[nodiscard]] std::optional<oci::PlacedLayer> mount(const std::string &identity,
                                                        const std::stop_token &stop) override;
    [[nodiscard]] std::vector<KeyPart> parts(const CacheKey &key, const std::stop_token &stop) override;
    [[nodiscard]] std::vector<CacheKey> earlier(const StepPlace &place, const std::stop_token &stop) override;

private:
    struct Contents {
        std::optional<oci::Image> image; ///< nullopt: there is no cache
        CacheIndex index;
    };

    [[nodiscard]] const Contents &contents() const;
    [[nodiscard]] Contents read(const std::stop_token &stop) const;
    [[nodiscard]] Contents read_or_warn(const std::stop_token &stop) const;
    void warn(const Error &error) const;
    const std::string *document(std::optional<Documents> &known, std::string_view kind,
                                const std::string &path, const std::stop_token &stop);

    SharedCacheOptions options_;
    registry::Client &client_;
    EventBus &bus_;
    const Clock &clock_;
    std::mutex mutex_;
    std::optional<Documents> trees_, parts_; ///< read when the first one is asked for
    std::shared_future<Contents> contents_;
};

} // namespace mica::cache
