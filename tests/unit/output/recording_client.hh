#pragma once
/// @file
/// A registry that writes down what is put into it.
#include "oci/growing_blob.hh"
#include "registry/client.hh"
#include <algorithm>
#include <atomic>
#include <mutex>
#include <string>
#include <vector>

namespace mica::test {

class RecordingClient final : public registry::Client {
public:
    [[nodiscard]] std::optional<registry::RawManifest> manifest(const oci::Reference &,
                                                                const std::stop_token &) override
    {
        return std::nullopt;
    }
    [[nodiscard]] std::unique_ptr<Source> blob(const oci::Reference &, const oci::Descriptor &,
                                               const std::stop_token &) override
    {
        return nullptr;
    }
    [[nodiscard]] bool has_blob(const oci::Reference &, const Digest &, const std::stop_token &) override
    {
        return false;
    }
    registry::BlobPlacement put_blob(const oci::Reference &image, const oci::Descriptor &blob,
                                     const oci::BlobReader &, const std::stop_token &) override
    {
        note("blob " + image.name() + " " + blob.digest.str());
        return registry::BlobPlacement::uploaded;
    }
    std::optional<registry::BlobPlacement> put_growing_blob(const oci::Reference &image,
                                                            std::shared_ptr<const oci::GrowingBlob> blob,
                                                            const std::stop_token &stop) override
    {
        if (!takes_growing)
            return std::nullopt;
        note("growing " + image.name());
        ++growing;
        (void)blob->wait_beyond(most_that_grows, stop); // the end
        return registry::BlobPlacement::uploaded;
    }
    void put_manifest(const oci::Reference &image, const registry::RawManifest &manifest,
                      const std::stop_token &) override
    {
        note("manifest " + image.name() + " " + image.manifest_key());
        manifests.push_back(manifest);
    }

    [[nodiscard]] std::ptrdiff_t position(const std::string &call) const
    {
        return std::ranges::find(calls, call) - calls.begin();
    }
    [[nodiscard]] bool has(const std::string &call) const
    {
        return std::ranges::find(calls, call) != calls.end();
    }

    bool takes_growing = true;
    std::atomic<int> growing = 0; ///< blobs that began to be sent before their end
    std::vector<std::string> calls;
    std::vector<registry::RawManifest> manifests;

private:
    static constexpr std::uint64_t most_that_grows = UINT64_MAX - 1;

    void note(std::string call)
    {
        const std::scoped_lock lock{mutex_};
        calls.push_back(std::move(call));
    }
    std::mutex mutex_;
};

} // namespace mica::test
