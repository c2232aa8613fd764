#include "output/root_files.hh"

#include "support/errors.hh"
#include "unit/output/images.hh"
#include <algorithm>
#include <boost/test/unit_test.hpp>

using namespace mica::output;
using namespace mica::test;
using mica::ErrorKind;
using mica::tar::Entry;
using mica::tar::FileType;
namespace oci = mica::oci;

namespace {

struct Fixture {
    ImageMaker maker;
    mica::NullBus bus;
    mica::Task task{bus, {}, mica::TaskKind::push, "test"};
    std::vector<std::string> order;

    std::map<std::string, TarMember> files_of(const oci::Image &image, const std::string &prefix = {})
    {
        std::map<std::string, TarMember> out;
        order.clear();
        const auto visit = [&](const Entry &entry, mica::Source *body) {
            order.push_back(entry.path);
            BOOST_TEST((body != nullptr) == (entry.type == FileType::regular && entry.size > 0), entry.path);
            BOOST_TEST(
                out.emplace(entry.path, TarMember{entry, body == nullptr ? "" : read_all(*body)}).second,
                entry.path);
        };
        visit_root_files(image, prefix, visit, task, {});
        return out;
    }
    [[nodiscard]] std::ptrdiff_t position(const std::string &path) const
    {
        return std::ranges::find(order, path) - order.begin();
    }
};

Entry raw(const std::string &path, FileType type, std::uint64_t size = 0, const std::string &target = {})
{
    return {.path = path, .type = type, .mode = 0644, .size = size, .link_target = target, .xattrs = {}};
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(root_files, Fixture)

BOOST_AUTO_TEST_CASE(layers_become_one_tree)
{
    const auto files = files_of(maker.make({{dir("etc"), file("etc/a", "1"), file("etc/b", "2")},
                                            {file("etc/b", "two"), file("etc/c", "3", 0600)},
                                            {removed("etc/a")}}));
    BOOST_TEST(files.size() == 4U); // the root, etc, b, c
    BOOST_TEST(files.at("etc/b").text == "two");
    BOOST_TEST(files.at("etc/c").text == "3");
    BOOST_TEST(files.at("etc/c").entry.mode == 0600U);
    BOOST_TEST((files.at("").entry.type == FileType::directory));
}

BOOST_AUTO_TEST_CASE(a_file_that_a_directory_replaced_is_gone)
{
    const auto files = files_of(maker.make({{file("x", "old")}, {dir("x"), file("x/y", "new")}}));
    BOOST_TEST((files.at("x").entry.type == FileType::directory));
    BOOST_TEST(files.at("x/y").text == "new");
}

BOOST_AUTO_TEST_CASE(all_without_bytes_comes_first_and_links_last)
{
    (void)files_of(maker.make({{dir("d"), file("d/a", "1"), hard("d/b", "d/a")},
                               {dir("e"), file("e/empty", ""), soft("e/s", "../d/a")}}));
    BOOST_TEST(position("") == 0);
    BOOST_TEST(position("e") < position("d/a"));
    BOOST_TEST(position("e/empty") < position("d/a"));
    BOOST_TEST(position("e/s") < position("d/a"));
    BOOST_TEST(position("d/a") < position("d/b"));
}

BOOST_AUTO_TEST_CASE(names_of_one_file_are_links_to_the_first)
{
    const auto files =
        files_of(maker.make({{file("z", "text"), hard("zz", "z")}, {dir("a"), hard("a/link", "z")}}));
    BOOST_TEST(files.at("a/link").text == "text");
    BOOST_TEST((files.at("z").entry.type == FileType::hardlink));
    BOOST_TEST(files.at("z").entry.link_target == "a/link");
    BOOST_TEST(files.at("zz").entry.link_target == "a/link");
}

BOOST_AUTO_TEST_CASE(a_link_survives_its_first_name)
{
    const auto files = files_of(maker.make({{file("a", "text"), hard("b", "a")}, {removed("a")}}));
    BOOST_TEST((files.at("b").entry.type == FileType::regular));
    BOOST_TEST(files.at("b").text == "text");
}

BOOST_AUTO_TEST_CASE(a_prefix_goes_before_every_path)
{
    const auto files =
        files_of(maker.make({{dir("d"), file("d/a", "1"), hard("d/b", "d/a")}}), "linux_amd64");
    BOOST_TEST(files.contains("linux_amd64"));
    BOOST_TEST(files.at("linux_amd64/d/a").text == "1");
    BOOST_TEST(files.at("linux_amd64/d/b").entry.link_target == "linux_amd64/d/a");
}

BOOST_AUTO_TEST_CASE(an_image_without_layers_has_a_root)
{
    BOOST_TEST(files_of(maker.make({})).size() == 1U);
}

BOOST_AUTO_TEST_CASE(of_several_entries_the_last_counts)
{
    oci::Image image = maker.make({});
    maker.add_raw_layer(image, {{raw("a", FileType::regular, 5), "first"},
                                {raw("b", FileType::regular, 1), "b"},
                                {raw("a", FileType::regular, 6), "second"},
                                {raw("a", FileType::regular, 3), "3rd"}});
    BOOST_TEST(files_of(image).at("a").text == "3rd");
}

BOOST_AUTO_TEST_CASE(a_link_to_an_entry_that_was_replaced_is_refused_not_guessed)
{
    oci::Image image = maker.make({});
    maker.add_raw_layer(image, {{raw("a", FileType::regular, 5), "first"},
                                {raw("b", FileType::hardlink, 0, "a"), ""},
                                {raw("a", FileType::regular, 5), "again"}});
    BOOST_TEST(kind_of([&] { (void)files_of(image); }) == ErrorKind::unsupported);
}

BOOST_AUTO_TEST_CASE(a_layer_that_unpacks_to_something_else_is_refused)
{
    auto image = maker.make({{file("a", "1")}});
    image.layers[0].layer.diff_id = mica::sha256("something else");
    const auto error = error_of([&] { (void)files_of(image); });
    BOOST_TEST(error.kind() == ErrorKind::integrity);
    BOOST_TEST(contains(error.context().at(0), "layer 1"));
}

BOOST_AUTO_TEST_CASE(a_stop_is_heeded)
{
    std::stop_source stop;
    stop.request_stop();
    const auto image = maker.make({{file("a", "1")}});
    BOOST_CHECK_THROW(visit_root_files(
                          image, "", [](const Entry &, mica::Source *) {}, task, stop.get_token()),
                      mica::Cancelled);
}

BOOST_AUTO_TEST_SUITE_END()
