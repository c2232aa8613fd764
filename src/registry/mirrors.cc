#include "registry/mirrors.hh"

#include "base/error.hh"
#include <fmt/format.h>
#include <set>

namespace mica::registry {

namespace {

class Mirrored final : public Registry {
public:
    Mirrored(std::unique_ptr<Registry> inner, const Settings &settings)
        : inner_{std::move(inner)}, mirrors_{settings.mirrors}, only_mirrors_{settings.only_mirrors},
          bus_{settings.bus}
    {
    }

    [[nodiscard]] std::optional<RawManifest> manifest(const oci::Reference &image,
                                                      const std::stop_token &stop) override
    {
        return first<std::optional<RawManifest>>(
            image, [&](const oci::Reference &place) { return inner_->manifest(place, stop); });
    }

    [[nodiscard]] std::unique_ptr<Source> blob(const oci::Reference &image, const oci::Descriptor &blob,
                                               const std::stop_token &stop) override
    {
        return first<std::unique_ptr<Source>>(
            image, [&](const oci::Reference &place) { return inner_->blob(place, blob, stop); });
    }

    [[nodiscard]] bool has_blob(const oci::Reference &image, const Digest &digest,
                                const std::stop_token &stop) override
    {
        return inner_->has_blob(image, digest, stop);
    }
    BlobPlacement put_blob(const oci::Reference &image, const oci::Descriptor &blob,
                           const oci::BlobReader &blobs, const std::stop_token &stop) override
    {
        return inner_->put_blob(image, blob, blobs, stop);
    }
    std::optional<BlobPlacement> put_growing_blob(const oci::Reference &image,
                                                  std::shared_ptr<const oci::GrowingBlob> blob,
                                                  const std::stop_token &stop) override
    {
        return inner_->put_growing_blob(image, std::move(blob), stop);
    }
    void put_manifest(const oci::Reference &image, const RawManifest &manifest,
                      const std::stop_token &stop) override
    {
        inner_->put_manifest(image, manifest, stop);
    }
    void check_push(const oci::Reference &image, const std::stop_token &stop) override
    {
        inner_->check_push(image, stop);
    }
    void check_login(const oci::Reference &image, const std::stop_token &stop) override
    {
        inner_->check_login(image, stop);
    }
    [[nodiscard]] std::optional<std::vector<std::string>> tags(const oci::Reference &image,
                                                               const std::stop_token &stop) override
    {
        return inner_->tags(image, stop);
    }
    [[nodiscard]] std::vector<oci::Descriptor> referrers(const oci::Reference &image,
                                                         const std::stop_token &stop) override
    {
        return inner_->referrers(image, stop);
    }

private:
    template <class Answer, class Ask> Answer first(const oci::Reference &image, const Ask &ask)
    {
        const auto found = mirrors_.find(image.registry());
        if (found == mirrors_.end())
            return ask(image);
        std::optional<Error> last;
        for (const auto &mirror : found->second) {
            const auto place = mirrored(image, mirror);
            try {
                if (auto answer = ask(place))
                    return answer;
                tell(mirror, fmt::format("{} is not there", place.familiar()));
            } catch (const Error &error) {
                tell(mirror, error.message());
                last = error;
            }
        }
        if (!only_mirrors_)
            return ask(image);
        if (last)
            throw Error{std::move(*last)};
        return Answer{};
    }

    void tell(const std::string &mirror, const std::string &what)
    {
        if (bus_ != nullptr)
            bus_->publish(
                event::Note{event::Note::Level::info, fmt::format("mirror {}: {}", mirror, what), {}});
    }

    std::unique_ptr<Registry> inner_;
    const std::map<std::string, std::vector<std::string>> mirrors_;
    const bool only_mirrors_;
    EventBus *bus_;
};

} // namespace

oci::Reference mirrored(const oci::Reference &image, const std::string &mirror)
{
    auto text = fmt::format("{}/{}", mirror, image.repository());
    if (image.tag())
        text += ":" + *image.tag();
    if (image.digest())
        text += "@" + image.digest()->str();
    return oci::Reference::parse(text);
}

std::unique_ptr<Registry> with_mirrors(std::unique_ptr<Registry> inner, const Settings &settings)
{
    if (settings.mirrors.empty())
        return inner;
    return std::make_unique<Mirrored>(std::move(inner), settings);
}

} // namespace mica::registry
