#include "verify/compare.hh"

#include "../output/images.hh"
#include "oci/json.hh"
#include <boost/test/unit_test.hpp>

using namespace mica;
using namespace mica::verify;

namespace {

/// Fails the test that reads what it need not read.
class NoBlobs final : public oci::BlobReader {
public:
    [[nodiscard]] std::unique_ptr<Source> open(const oci::Descriptor &blob,
                                               const std::stop_token &) const override
    {
        throw Error{ErrorKind::internal, "a layer was read: " + blob.digest.str()};
    }
};

OpenedImage opened(oci::Image image)
{
    for (std::size_t i = image.config.history.size(); i < image.layers.size(); ++i)
        image.config.history.push_back(
            {.created = {}, .created_by = "RUN step " + std::to_string(i + 1), .author = {}, .comment = {}});
    image.config.diff_ids.clear();
    for (const auto &layer : image.layers)
        image.config.diff_ids.push_back(layer.layer.diff_id);
    const auto encoded = oci::encode(image);
    OpenedImage out{.name = "image", .top = encoded.manifest};
    out.top_json = encoded.manifest_json;
    out.variants.push_back({encoded.manifest, encoded.manifest_json, encoded.config_json, std::move(image)});
    return out;
}

Report compared(const oci::Image &left, const oci::Image &right, CompareOptions options = {})
{
    return compare(opened(left), opened(right), options, {});
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(comparison, test::ImageMaker)

BOOST_AUTO_TEST_CASE(an_image_is_the_same_as_itself)
{
    const auto image = make({{test::file("a", "x")}});
    BOOST_TEST(compared(image, image).same());
    BOOST_TEST(render_text(compared(image, image)).empty());
}

BOOST_AUTO_TEST_CASE(a_changed_file_stands_under_its_layer)
{
    const auto left = make({{test::file("a", "same")}, {test::file("b", "old\n")}});
    const auto right = make({{test::file("a", "same")}, {test::file("b", "new\n")}});
    const auto report = compared(left, right);
    BOOST_REQUIRE(report.images.size() == 1);
    const auto &image = report.images.front();
    BOOST_TEST(image.same_layers == 1);
    BOOST_REQUIRE(image.layers.size() == 1);
    BOOST_TEST(image.layers.front().created_by == "RUN step 2");
    BOOST_REQUIRE(image.layers.front().files.size() == 1);
    const auto &file = image.layers.front().files.front();
    BOOST_TEST(file.path == "b");
    BOOST_REQUIRE(file.details.size() == 1);
    BOOST_TEST(file.details.front().text == "@@ -1,1 +1,1 @@\n-old\n+new\n");
}

BOOST_AUTO_TEST_CASE(layers_with_equal_digests_are_not_read)
{
    auto left = make({{test::file("a", "same")}});
    left.layers.front().blobs = std::make_shared<NoBlobs>();
    auto right = left;
    right.config.config.user = "x";
    const auto report = compared(left, right);
    BOOST_REQUIRE(report.images.size() == 1);
    BOOST_TEST(report.images.front().config.front().name == "config.User");
    BOOST_TEST(report.images.front().layers.empty());
}

BOOST_AUTO_TEST_CASE(files_added_and_removed_are_told)
{
    const auto report = compared(make({{test::file("a", "1"), test::dir("d")}}),
                                 make({{test::removed("c"), test::dir("d")}}));
    const auto &files = report.images.front().layers.front().files;
    BOOST_REQUIRE(files.size() == 2);
    BOOST_TEST(files[0].path == "a");
    BOOST_TEST(!files[0].properties.front().right);
    BOOST_TEST(files[1].properties.front().name == "removal");
}

BOOST_AUTO_TEST_CASE(a_layer_of_one_side_is_listed)
{
    const auto report =
        compared(make({{test::file("a", "1")}}), make({{test::file("a", "1")}, {test::file("b", "2")}}));
    const auto &layers = report.images.front().layers;
    BOOST_REQUIRE(layers.size() == 1);
    BOOST_TEST(!layers.front().left);
    BOOST_TEST(layers.front().cause->code == "layer-one-side");
    BOOST_TEST(layers.front().files.front().path == "b");
}

BOOST_AUTO_TEST_CASE(values_of_the_configuration_are_compared_by_name)
{
    auto left = make({});
    left.config.config.env = {"A=1", "B=2"};
    left.config.config.labels = {{"x", "1"}};
    left.config.created = from_unix(1);
    auto right = left;
    right.config.config.env = {"B=3", "A=1", "C=4"};
    right.config.config.labels = {{"y", "1"}};
    right.config.created = from_unix(2);
    std::string names;
    const auto report = compared(left, right);
    for (const auto &property : report.images.front().config)
        names += property.name + " ";
    BOOST_TEST(names == "config.Env.B config.Env.C config.Labels.x config.Labels.y created ");
}

BOOST_AUTO_TEST_CASE(times_of_the_history_are_one_property)
{
    auto left = make({});
    left.config.history = {
        {.created = from_unix(1), .created_by = "A", .author = {}, .comment = {}, .empty_layer = true},
        {.created = from_unix(1), .created_by = "B", .author = {}, .comment = {}, .empty_layer = true}};
    auto right = left;
    right.config.history[0].created = right.config.history[1].created = from_unix(2);
    const auto report = compared(left, right);
    BOOST_REQUIRE(report.images.front().history.size() == 1);
    BOOST_TEST(report.images.front().history.front().name == "2 entries.created");
    BOOST_TEST(report.images.front().history.front().cause->code == "build-time");
}

BOOST_AUTO_TEST_CASE(a_report_is_bounded)
{
    std::vector<layer::Change> left, right;
    for (int i = 100; i < 200; ++i) {
        left.push_back(test::file("f" + std::to_string(i), "a"));
        right.push_back(test::file("f" + std::to_string(i), "b"));
    }
    const auto report = compared(make({left}), make({right}), {.most_files = 10});
    const auto &layer = report.images.front().layers.front();
    BOOST_TEST(layer.files.size() == 10);
    BOOST_TEST(layer.files_left_out == 90);
}

BOOST_AUTO_TEST_CASE(files_too_large_to_look_into_are_told_by_their_hash)
{
    const auto report =
        compared(make({{test::file("a", "12345")}}), make({{test::file("a", "12346")}}), {.most_bytes = 4});
    const auto &file = report.images.front().layers.front().files.front();
    BOOST_TEST(file.properties.front().name == "content");
    BOOST_TEST(file.details.empty());
}

BOOST_AUTO_TEST_CASE(the_same_layer_in_another_compression_is_named)
{
    auto left = make({{test::file("a", std::string(1000, 'x'))}});
    auto right = left;
    const auto tar =
        read_all(*decompressor(Compression::gzip, left.layers[0].blobs->open(left.layers[0].layer.blob, {})));
    const auto digest = store->put(tar);
    right.layers[0].layer.blob = {
        .media_type = oci::MediaType::oci_layer, .digest = digest, .size = tar.size()};
    const auto report = compared(left, right);
    BOOST_TEST(report.images.front().layers.front().cause->code == "compression");
}

BOOST_AUTO_TEST_CASE(the_page_shows_no_foreign_markup)
{
    const auto report = compared(make({{test::file("<script>alert(1)</script>", "<b>\n")}}),
                                 make({{test::file("<script>alert(1)</script>", "</pre><img src=x>\n")}}));
    const auto page = render_html(report);
    BOOST_TEST(page.find("<script") == std::string::npos);
    BOOST_TEST(page.find("<img") == std::string::npos);
    BOOST_TEST(page.find("&lt;script&gt;") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(json_and_text_say_the_same)
{
    const auto report = compared(make({{test::file("a", "1\n")}}), make({{test::file("a", "2\n")}}));
    BOOST_TEST(render_text(report).find("/a\n") != std::string::npos);
    BOOST_TEST(render_json(report).find("\"path\": \"/a\"") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
