#pragma once
/// @file
/// A cache image out of an earlier one and what a build used.
#include "cache/cache_index.hh"
#include "cache/documents.hh"
#include "cache/export.hh"
#include "oci/image.hh"
#include <map>
#include <optional>
#include <stop_token>
#include <string>

namespace mica::cache {

/// References outlive it.
class Merge {
public:
    /// `before` and `cache` may be null.
    Merge(const oci::Image *before, const CacheIndex &index, const std::map<CacheKey, UsedStep> &used,
          const ImageLayers &layers, BuildCache *cache)
        : before_{before}, index_{index}, used_{used}, layers_{layers}, cache_{cache}
    {
    }

    /// What the build used wins; of the rest what is too old is left out, and the oldest of
    /// what an image cannot hold.
    [[nodiscard]] oci::Image image(const ExportOptions &options, const ExportServices &services,
                                   const std::stop_token &stop) const;

private:
    [[nodiscard]] CacheIndex merged_index(const ExportOptions &options, Time now) const;
    [[nodiscard]] Documents parts(const CacheIndex &index, const Documents &before) const;
    [[nodiscard]] std::string tree(const Digest &diff_id, const Documents &before,
                                   const ExportServices &services, const std::stop_token &stop) const;
    void add_steps(const CacheIndex &index, oci::Image &into) const;

    const oci::Image *before_;
    const CacheIndex &index_;
    const std::map<CacheKey, UsedStep> &used_;
    const ImageLayers &layers_;
    BuildCache *cache_;
};

} // namespace mica::cache
