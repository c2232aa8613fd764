#include "cli/tools/image_store.hh"

#include "base/error.hh"
#include "base/stop.hh"
#include "cli/tools/archive_source.hh"
#include "io/hash.hh"
#include "oci/json.hh"
#include "oci/layout.hh"
#include <fmt/format.h>

namespace mica::cli {

namespace {

constexpr std::size_t copy_block = 256 * 1024;

class RegistrySource final : public ImageSource {
public:
    RegistrySource(oci::Reference image, registry::Registry &registry)
        : image_{std::move(image)}, registry_{registry}
    {
    }
    [[nodiscard]] registry::RawManifest top(const std::stop_token &stop) override
    {
        return get(image_, stop);
    }
    [[nodiscard]] registry::RawManifest manifest(const oci::Descriptor &descriptor,
                                                 const std::stop_token &stop) override
    {
        return get(image_.with_digest(descriptor.digest), stop);
    }
    [[nodiscard]] std::shared_ptr<const oci::BlobReader> blobs() override
    {
        return registry::blob_reader(registry_, image_);
    }
    [[nodiscard]] std::vector<oci::Descriptor> referrers(const Digest &digest,
                                                         const std::stop_token &stop) override
    {
        return registry_.referrers(image_.with_digest(digest), stop);
    }

private:
    [[nodiscard]] registry::RawManifest get(const oci::Reference &image, const std::stop_token &stop)
    {
        if (auto found = registry_.manifest(image, stop))
            return std::move(*found);
        throw Error{ErrorKind::not_found, fmt::format("there is no image {}", image.familiar())};
    }

    const oci::Reference image_;
    registry::Registry &registry_;
};

class LayoutSource final : public ImageSource {
public:
    explicit LayoutSource(LayoutPlace place)
        : place_{std::move(place)}, layout_{oci::Layout::open_existing(place_.path)}
    {
    }
    [[nodiscard]] registry::RawManifest top(const std::stop_token &stop) override
    {
        return manifest(find(), stop);
    }
    [[nodiscard]] registry::RawManifest manifest(const oci::Descriptor &descriptor,
                                                 const std::stop_token &stop) override
    {
        return {descriptor, read_all(*layout_->open(descriptor, stop), oci::manifest_limit)};
    }
    [[nodiscard]] std::shared_ptr<const oci::BlobReader> blobs() override { return layout_; }

private:
    [[nodiscard]] oci::Descriptor find() const
    {
        const auto all = layout_->manifests();
        if (place_.digest) {
            for (const auto &entry : all)
                if (entry.digest == *place_.digest)
                    return entry;
        } else if (!place_.name.empty()) {
            if (auto entry = layout_->find(place_.name))
                return *entry;
        } else if (all.size() == 1) {
            return all.front();
        } else {
            throw Error{ErrorKind::usage, fmt::format("{} has {} images", place_.path.string(), all.size())}
                .with_hint("name one of them: PATH:TAG or PATH@DIGEST");
        }
        throw Error{ErrorKind::not_found, fmt::format("there is no image {}", display(place_))};
    }

    const LayoutPlace place_;
    std::shared_ptr<oci::Layout> layout_;
};

class RegistryTarget final : public ImageTarget {
public:
    RegistryTarget(oci::Reference image, registry::Registry &registry)
        : image_{std::move(image)}, registry_{registry}
    {
    }
    std::string put_blob(const oci::Descriptor &blob, const oci::BlobReader &from,
                         const std::stop_token &stop) override
    {
        switch (registry_.put_blob(image_, blob, from, stop)) {
        case registry::BlobPlacement::present:
            return "already there";
        case registry::BlobPlacement::mounted:
            return "mounted";
        case registry::BlobPlacement::uploaded:
            break;
        }
        return "uploaded";
    }
    void put_manifest(const registry::RawManifest &manifest, const std::stop_token &stop) override
    {
        const auto by_digest = oci::Reference::parse(image_.name() + "@" + manifest.descriptor.digest.str());
        registry_.put_manifest(by_digest, manifest, stop);
    }
    void put_top(const registry::RawManifest &manifest, const std::stop_token &stop) override
    {
        if (image_.digest() && *image_.digest() != manifest.descriptor.digest)
            throw Error{ErrorKind::usage, fmt::format("the image is {}, which cannot be put at {}",
                                                      manifest.descriptor.digest.str(), image_.familiar())};
        registry_.put_manifest(image_, manifest, stop);
    }

private:
    const oci::Reference image_;
    registry::Registry &registry_;
};

class LayoutTarget final : public ImageTarget {
public:
    explicit LayoutTarget(LayoutPlace place)
        : place_{std::move(place)}, layout_{oci::Layout::open_or_create(place_.path)}
    {
        if (place_.digest)
            throw Error{ErrorKind::usage, "an image that is written cannot be named by a digest"};
    }
    std::string put_blob(const oci::Descriptor &blob, const oci::BlobReader &from,
                         const std::stop_token &stop) override
    {
        if (layout_->contains(blob.digest))
            return "already there";
        const auto source = from.open(blob, stop);
        const auto writer = layout_->create();
        std::vector<std::byte> block(copy_block);
        while (const auto count = source->read(block)) {
            throw_if_stopped(stop);
            writer->write(std::span{block}.first(count));
        }
        writer->finish();
        static_cast<void>(writer->commit());
        return "written";
    }
    void put_manifest(const registry::RawManifest &manifest, const std::stop_token &) override
    {
        static_cast<void>(layout_->put(manifest.bytes));
    }
    void put_top(const registry::RawManifest &manifest, const std::stop_token &stop) override
    {
        put_manifest(manifest, stop);
        auto entry = manifest.descriptor;
        entry.annotations.clear();
        layout_->tag(entry, place_.name);
    }

private:
    const LayoutPlace place_;
    std::shared_ptr<oci::Layout> layout_;
};

} // namespace

std::unique_ptr<ImageSource> open_source(const Place &place, registry::Registry &registry, Layers layers)
{
    if (const auto *image = std::get_if<oci::Reference>(&place))
        return std::make_unique<RegistrySource>(*image, registry);
    if (const auto *layout = std::get_if<LayoutPlace>(&place))
        return std::make_unique<LayoutSource>(*layout);
    return archive_source(std::get<ArchivePlace>(place), layers, registry);
}

std::unique_ptr<ImageTarget> open_target(const Place &place, registry::Registry &registry)
{
    if (const auto *image = std::get_if<oci::Reference>(&place))
        return std::make_unique<RegistryTarget>(*image, registry);
    if (const auto *layout = std::get_if<LayoutPlace>(&place))
        return std::make_unique<LayoutTarget>(*layout);
    throw Error{ErrorKind::internal, "an archive is no target of copies"};
}

} // namespace mica::cli
