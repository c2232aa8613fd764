#include "io/fd.hh"
#include "support/errors.hh"
#include "support/temporary_directory.hh"
#include "unit/output/images.hh"
#include "unit/output/recording_client.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <fstream>

namespace data = boost::unit_test::data;
using namespace mica::output;
using namespace mica::test;
using mica::ErrorKind;
namespace fs = std::filesystem;
namespace oci = mica::oci;

namespace {

struct Fixture {
    ImageMaker maker;
    oci::Image image = maker.make({{file("a", "text")}});
    RecordingClient client;
    mica::NullBus bus;
    TemporaryDirectory directory;

    Written write(const std::string &output, std::stop_token stop = {},
                  std::string_view standard_output = "/dev/stdout")
    {
        OutputServices services{client, bus, standard_output};
        return write_output({{image}, false}, mica::output::parse_output(output), services, {}, stop);
    }
    [[nodiscard]] std::string to(const std::string &type) const
    {
        return "type=" + type + ",dest=" + (directory / "out").native();
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(write_output_, Fixture)

BOOST_AUTO_TEST_CASE(a_registry_gets_the_manifest_that_is_returned)
{
    const auto written = write("type=registry,name=r.io/a:1");
    BOOST_TEST((client.manifests.at(0).descriptor == written.descriptor));
    BOOST_TEST((written.descriptor == oci::encode(image).manifest));
}

BOOST_AUTO_TEST_CASE(archives_are_files)
{
    (void)write(to("oci"));
    BOOST_TEST(read_tar(mica::read_file(directory / "out")).contains("index.json"));
    (void)write(to("docker"));
    BOOST_TEST(read_tar(mica::read_file(directory / "out")).contains("manifest.json"));
    (void)write(to("tar"));
    BOOST_TEST(read_tar(mica::read_file(directory / "out")).at("a").text == "text");
}

BOOST_AUTO_TEST_CASE(directories_are_directories)
{
    (void)write(to("oci") + ",tar=false");
    BOOST_TEST(fs::exists(directory / "out/index.json"));
    (void)write((directory / "root").native());
    BOOST_TEST(mica::read_file(directory / "root/a") == "text");
}

BOOST_AUTO_TEST_CASE(a_dash_is_standard_output)
{
    std::ofstream{directory / "stdout"};
    (void)write("-", {}, (directory / "stdout").native());
    BOOST_TEST(read_tar(mica::read_file(directory / "stdout")).at("a").text == "text");
}

BOOST_DATA_TEST_CASE(a_stop_leaves_nothing, data::make({"oci", "docker", "tar", "local"}), type)
{
    std::stop_source stop;
    stop.request_stop();
    BOOST_CHECK_THROW((void)write(to(type), stop.get_token()), mica::Cancelled);
    BOOST_TEST(fs::is_empty(directory.path()));
}

BOOST_DATA_TEST_CASE(a_failure_leaves_nothing_and_says_what_was_done,
                     data::make({"oci", "docker", "tar", "local"}), type)
{
    image.layers[0].blobs = std::make_shared<MemoryStore>();
    const auto error = error_of([&] { (void)write(to(type)); });
    BOOST_TEST(error.kind() == ErrorKind::not_found);
    BOOST_TEST(contains(error.context().back(), (directory / "out").native()));
    BOOST_TEST(fs::is_empty(directory.path()));
}

BOOST_AUTO_TEST_SUITE_END()
