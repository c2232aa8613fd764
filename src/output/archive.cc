#include "output/archive.hh"

#include "oci/json.hh"
#include "oci/layout.hh"
#include "output/progress_source.hh"
#include "tar/writer.hh"
#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

namespace mica::output {

namespace {

using Json = nlohmann::ordered_json;

std::string blob_name(const Digest &digest)
{
    return "blobs/sha256/" + digest.hex();
}

tar::Entry entry(std::string path, tar::FileType type, std::uint64_t size)
{
    const bool directory = type == tar::FileType::directory;
    return {.path = std::move(path),
            .type = type,
            .mode = directory ? 0755U : 0644U,
            .size = size,
            .link_target = {},
            .xattrs = {}};
}

class ArchiveWriter {
public:
    ArchiveWriter(Sink &out, Task &task, const std::stop_token &stop)
        : tar_{out, stop}, task_{task}, stop_{stop}
    {
    }

    /// In the order of their names, so that it depends on them alone.
    void add_blobs(std::vector<ImageBlob> blobs)
    {
        std::ranges::sort(blobs, {}, [](const ImageBlob &blob) { return blob.descriptor.digest; });
        Progress progress{task_, total_size(blobs)};
        tar_.add(entry("blobs", tar::FileType::directory, 0), nullptr);
        tar_.add(entry("blobs/sha256", tar::FileType::directory, 0), nullptr);
        for (const auto &blob : blobs) {
            const auto bytes = blob.open(stop_);
            ProgressSource counted{*bytes, progress, stop_};
            tar_.add(entry(blob_name(blob.descriptor.digest), tar::FileType::regular, blob.descriptor.size),
                     &counted);
        }
    }

    void add_file(const std::string &name, std::string text)
    {
        const auto size = text.size();
        StringSource source{std::move(text)};
        tar_.add(entry(name, tar::FileType::regular, size), &source);
    }

    void finish() { tar_.finish(); }

private:
    tar::Writer tar_;
    Task &task_;
    std::stop_token stop_;
};

std::string index_json(const EncodedImages &images, std::span<const oci::Reference> names)
{
    oci::Index index{.media_type = oci::MediaType::oci_index, .manifests = {}};
    for (const auto &name : names)
        index.manifests.push_back(oci::named_entry(images.top(), name));
    if (names.empty())
        index.manifests.push_back(images.top());
    return oci::to_json(index);
}

std::string docker_manifest_json(const EncodedImages &images, std::span<const oci::Reference> names)
{
    Json item = Json::object();
    item["Config"] = blob_name(images.documents.front().config.digest);
    item["RepoTags"] = nullptr;
    for (const auto &name : names)
        if (name.tag())
            item["RepoTags"].push_back(name.with_tag(*name.tag()).familiar());
    item["Layers"] = Json::array();
    for (const auto &placed : images.images.front().layers)
        item["Layers"].push_back(blob_name(placed.layer.blob.digest));
    return Json::array({std::move(item)}).dump();
}

} // namespace

void write_oci_archive(const EncodedImages &images, std::span<const oci::Reference> names, Sink &out,
                       Task &task, const std::stop_token &stop)
{
    ArchiveWriter archive{out, task, stop};
    archive.add_blobs(blobs_of(images, false));
    archive.add_file("index.json", index_json(images, names));
    archive.add_file("oci-layout", std::string{oci::layout_version_json});
    archive.finish();
}

void write_docker_archive(const EncodedImages &images, std::span<const oci::Reference> names, Sink &out,
                          Task &task, const std::stop_token &stop)
{
    ArchiveWriter archive{out, task, stop};
    archive.add_blobs(blobs_of(images, true));
    archive.add_file("index.json", index_json(images, names));
    archive.add_file("manifest.json", docker_manifest_json(images, names));
    archive.add_file("oci-layout", std::string{oci::layout_version_json});
    archive.finish();
}

} // namespace mica::output
