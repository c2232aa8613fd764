#pragma once
/// @file
/// A registry that writes down what is put into it.
#include "registry/client.hh"
#include <algorithm>
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

    std::vector<std::string> calls;
    std::vector<registry::RawManifest> manifests;

private:
    void note(std::string call)
    {
        const std::scoped_lock lock{mutex_};
        calls.push_back(std::move(call));
    }
    std::mutex mutex_;
};

} // namespace mica::test
