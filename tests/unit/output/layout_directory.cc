#include "output/layout_directory.hh"

#include "io/fd.hh"
#include "oci/layout.hh"
#include "support/errors.hh"
#include "support/temporary_directory.hh"
#include "unit/output/images.hh"
#include <boost/test/unit_test.hpp>
#include <fstream>

using namespace mica::output;
using namespace mica::test;
using mica::ErrorKind;
namespace fs = std::filesystem;
namespace oci = mica::oci;

namespace {

struct Fixture {
    ImageMaker maker;
    mica::NullBus bus;
    mica::Task task{bus, {}, mica::TaskKind::push, "test"};
    TemporaryDirectory directory;
    oci::Image one = maker.make({{file("a", "1")}});
    oci::Image other = maker.make({{file("a", "1")}, {file("b", "2")}}, "linux/arm64");

    void write(std::vector<oci::Image> images, const std::vector<std::string> &names, const fs::path &to)
    {
        std::vector<oci::Reference> references;
        for (const auto &name : names)
            references.push_back(oci::Reference::parse(name));
        write_layout_directory(encoded(std::move(images)), references, to, task, {});
    }
    [[nodiscard]] oci::Image load(const fs::path &path, const std::string &name,
                                  const std::string &platform = "linux/amd64") const
    {
        const auto layout = oci::Layout::open_existing(path);
        return oci::load_image(layout, layout->find(name).value(), oci::parse_platform(platform), {});
    }
    [[nodiscard]] std::size_t entries(const fs::path &path) const
    {
        return static_cast<std::size_t>(std::distance(fs::directory_iterator{path}, {}));
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(layout_directory, Fixture)

BOOST_AUTO_TEST_CASE(a_new_layout_can_be_loaded)
{
    write({one}, {"app:1"}, directory / "out");
    const auto image = load(directory / "out", "docker.io/library/app:1");
    BOOST_TEST((oci::encode(image).manifest == oci::encode(one).manifest));
    BOOST_TEST(entries(directory.path()) == 1U);
}

BOOST_AUTO_TEST_CASE(a_slash_at_the_end_changes_nothing)
{
    write({one}, {"app:1"}, (directory / "out").native() + "/");
    BOOST_TEST(entries(directory.path()) == 1U);
    BOOST_CHECK_NO_THROW((void)load(directory / "out", "1"));
}

BOOST_AUTO_TEST_CASE(several_platforms_are_one_name)
{
    write({one, other}, {"app:1"}, directory / "out");
    BOOST_TEST(load(directory / "out", "1", "linux/arm64").layers.size() == 2U);
    BOOST_TEST(load(directory / "out", "1", "linux/amd64").layers.size() == 1U);
    BOOST_TEST(oci::Layout::open_existing(directory / "out")->manifests().size() == 1U);
}

BOOST_AUTO_TEST_CASE(an_empty_directory_is_filled)
{
    fs::create_directory(directory / "out");
    write({one}, {}, directory / "out");
    BOOST_TEST(entries(directory / "out") == 3U);
    BOOST_TEST(oci::Layout::open_existing(directory / "out")->manifests().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_layout_is_extended)
{
    write({one}, {"app:1"}, directory / "out");
    write({other}, {"app:2"}, directory / "out");
    BOOST_TEST(load(directory / "out", "1").layers.size() == 1U);
    BOOST_TEST(load(directory / "out", "2").layers.size() == 2U);
    write({other}, {"app:1"}, directory / "out");
    BOOST_TEST(load(directory / "out", "1").layers.size() == 2U);
    BOOST_TEST(oci::Layout::open_existing(directory / "out")->manifests().size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_layout_may_be_where_the_layers_are_already)
{
    const auto layout = oci::Layout::open_or_create(directory / "state");
    write({one}, {"app:1"}, directory / "state");
    auto kept = load(directory / "state", "1");
    kept.config.author = "changed";
    write({kept}, {"app:2"}, directory / "state");
    BOOST_TEST(load(directory / "state", "2").config.author == "changed");
}

BOOST_AUTO_TEST_CASE(a_directory_of_other_things_is_left_alone)
{
    std::ofstream{directory / "something"} << "x";
    BOOST_TEST(kind_of([&] { write({one}, {}, directory.path()); }) == ErrorKind::usage);
    BOOST_TEST(entries(directory.path()) == 1U);
}

BOOST_AUTO_TEST_CASE(a_failure_leaves_nothing)
{
    one.layers[0].blobs = std::make_shared<MemoryStore>();
    BOOST_TEST(kind_of([&] { write({one}, {}, directory / "out"); }) == ErrorKind::not_found);
    BOOST_TEST(fs::is_empty(directory.path()));
    fs::create_directory(directory / "empty");
    BOOST_TEST(kind_of([&] { write({one}, {}, directory / "empty"); }) == ErrorKind::not_found);
    BOOST_TEST(fs::is_empty(directory / "empty"));
}

BOOST_AUTO_TEST_CASE(a_failure_leaves_the_layout_s_names_as_they_were)
{
    write({one}, {"app:1"}, directory / "out");
    other.layers[1].blobs = std::make_shared<MemoryStore>();
    BOOST_TEST(kind_of([&] { write({other}, {"app:1"}, directory / "out"); }) == ErrorKind::not_found);
    BOOST_TEST(load(directory / "out", "1").layers.size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
