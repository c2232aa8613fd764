#pragma once
/// @file
/// Small images, and tar archives as maps, for the tests of outputs.
#include "base/thread_pool.hh"
#include "layer/layer_writer.hh"
#include "oci/image.hh"
#include "oci/platform.hh"
#include "output/encoded_images.hh"
#include "output/output.hh"
#include "support/memory_store.hh"
#include "tar/reader.hh"
#include "tar/writer.hh"
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace mica::test {

inline layer::Change file(const std::string &path, const std::string &text, std::uint32_t mode = 0644)
{
    tar::Entry entry{.path = path,
                     .type = tar::FileType::regular,
                     .mode = mode,
                     .size = text.size(),
                     .mtime = from_unix(1000),
                     .link_target = {},
                     .xattrs = {}};
    return {layer::Change::Kind::upsert, std::move(entry),
            text.empty() ? nullptr : std::make_shared<StringContent>(text)};
}

inline layer::Change node(const std::string &path, tar::FileType type, const std::string &target = {},
                          std::uint32_t mode = 0755)
{
    return {layer::Change::Kind::upsert,
            tar::Entry{.path = path,
                       .type = type,
                       .mode = mode,
                       .mtime = from_unix(2000),
                       .link_target = target,
                       .xattrs = {}},
            nullptr};
}

inline layer::Change dir(const std::string &path, std::uint32_t mode = 0755)
{
    return node(path, tar::FileType::directory, {}, mode);
}
inline layer::Change soft(const std::string &path, const std::string &target)
{
    return node(path, tar::FileType::symlink, target, 0777);
}
inline layer::Change hard(const std::string &path, const std::string &target)
{
    return node(path, tar::FileType::hardlink, target, 0644);
}

inline layer::Change removed(const std::string &path)
{
    return {layer::Change::Kind::remove, tar::Entry{.path = path, .link_target = {}, .xattrs = {}}, nullptr};
}

/// Images over one store.
class ImageMaker {
public:
    oci::Image make(const std::vector<std::vector<layer::Change>> &layers,
                    const std::string &platform = "linux/amd64")
    {
        oci::Image image;
        image.config.platform = oci::parse_platform(platform);
        for (const auto &changes : layers) {
            layer::ChangeList list{changes};
            const layer::LayerOptions options{.compression = {.kind = Compression::gzip, .level = {}},
                                              .clamp_mtime = {}};
            image.layers.push_back({layer::write_layer(list, options, *store, pool_, {}, {}), store});
        }
        return image;
    }
    /// A layer of entries in any order, with repetitions, as other tools may write it.
    void add_raw_layer(oci::Image &image, const std::vector<std::pair<tar::Entry, std::string>> &entries)
    {
        StringSink out;
        tar::Writer writer{out};
        for (const auto &[entry, text] : entries) {
            StringSource source{text};
            writer.add(entry, text.empty() ? nullptr : &source);
        }
        writer.finish();
        const auto digest = store->put(out.str());
        const oci::Descriptor blob{
            .media_type = oci::MediaType::oci_layer, .digest = digest, .size = out.str().size()};
        image.layers.push_back({oci::Layer{digest, blob}, store});
    }

    std::shared_ptr<MemoryStore> store = std::make_shared<MemoryStore>();

private:
    ThreadPool pool_{1};
};

struct TarMember {
    tar::Entry entry;
    std::string text;
};

/// By path; the order in `order` if asked for.
inline std::map<std::string, TarMember> read_tar(const std::string &bytes,
                                                 std::vector<std::string> *order = nullptr)
{
    std::map<std::string, TarMember> out;
    tar::read_archive(std::make_unique<StringSource>(bytes),
                      [&](const tar::Entry &entry, Source *body) {
                          if (order != nullptr)
                              order->push_back(entry.path);
                          out.insert_or_assign(
                              entry.path,
                              TarMember{entry, body == nullptr ? std::string{} : read_all(*body)});
                      },
                      {});
    return out;
}

inline output::EncodedImages encoded(std::vector<oci::Image> images,
                                     output::OutputType type = output::OutputType::oci)
{
    output::OutputSpec spec;
    spec.type = type;
    const bool several = images.size() > 1;
    return output::encode_all({std::move(images), several}, spec);
}

} // namespace mica::test
