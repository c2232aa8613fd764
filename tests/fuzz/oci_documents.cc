// Any bytes are an image's document or refused; what was read and is written reads as the same, and is
// written as the same bytes.
#include "base/error.hh"
#include "fuzz.hh"
#include "oci/json.hh"
#include "oci/platform.hh"
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using namespace mica;
using fuzz::require;

template <class Body> void may_refuse(Body &&body)
try {
    body();
} catch (const Error &error) {
    const auto kind = error.kind();
    require(kind == ErrorKind::integrity || kind == ErrorKind::unsupported, "an error of the document");
}

void check_config(std::string_view text)
{
    const auto config = oci::parse_image_config(text);
    const auto written = oci::to_json(config);
    const auto again = oci::parse_image_config(written);
    require(again == config, "a configuration reads as it was written");
    require(oci::to_json(again) == written, "equal configurations have equal bytes");
}

void check_same(const oci::Manifest &a, const oci::Manifest &b)
{
    require(a.media_type == b.media_type && a.config == b.config && a.layers == b.layers &&
                a.annotations == b.annotations,
            "a manifest reads as it was written");
}

void check_same(const oci::Index &a, const oci::Index &b)
{
    require(a.media_type == b.media_type && a.manifests == b.manifests && a.annotations == b.annotations,
            "an index reads as it was written");
    const auto chosen = oci::choose(a.manifests, oci::parse_platform("linux/arm64/v9.2"));
    require(!chosen || chosen->annotations.count("vnd.docker.reference.type") == 0,
            "no attestation is chosen");
}

template <class Document> void check_document(const Document &document)
{
    const auto written = oci::to_json(document);
    const auto again = oci::parse_manifest(written, oci::media_type_name(document.media_type));
    check_same(document, std::get<Document>(again));
    require(oci::to_json(std::get<Document>(again)) == written, "equal documents have equal bytes");
}

void check_manifest(std::string_view text)
{
    std::visit([](const auto &document) { check_document(document); }, oci::parse_manifest(text));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text{reinterpret_cast<const char *>(data), size};
    may_refuse([&] { check_config(text); });
    may_refuse([&] { check_manifest(text); });
    return 0;
}
