#include "backends.hh"
#include <fmt/format.h>
#include <fstream>

namespace {

using namespace mica::test;
using boost::test_tools::per_element;

BOOST_AUTO_TEST_SUITE(sandbox_layers)

BOOST_DATA_TEST_CASE(a_layer_can_be_put_between_steps, backends, backend)
{
    Shell shell{backend};
    if (!shell)
        return;
    shell.out("echo one > /one");
    shell.seal();
    shell.steps().add_layer(LayerBuilder{}.file("copied", "from a copy").file("one", "changed").layer());
    BOOST_TEST(shell.out("cat /copied /one") == "from a copychanged");
}

BOOST_DATA_TEST_CASE(a_directory_that_a_layer_only_implies_keeps_its_metadata, backends, backend)
{
    Shell shell{backend};
    if (!shell)
        return;
    shell.steps().add_layer(LayerBuilder{}.directory("data", 02750, 7, 8).layer());
    shell.steps().add_layer(LayerBuilder{}.file("data/f", "x").layer());
    BOOST_TEST(shell.out("stat -c '%a %u:%g %Y' /data") == "2750 7:8 1600000000\n");
    BOOST_TEST(shell.seal().empty());
}

BOOST_DATA_TEST_CASE(a_hard_link_to_a_lower_layer_is_made, backends, backend)
{
    Shell shell{backend};
    if (!shell)
        return;
    shell.steps().add_layer(LayerBuilder{}.hardlink("accounts", "etc/passwd").layer());
    BOOST_TEST(shell.out("cat /accounts | head -n1") == "root:x:0:0:root:/root:/bin/sh\n");
    BOOST_TEST(shell.seal().empty());
}

BOOST_DATA_TEST_CASE(the_root_directory_keeps_its_metadata, backends, backend)
{
    Shell shell{backend};
    if (!shell)
        return;
    shell.steps().add_layer(LayerBuilder{}.directory("", 0751, 5, 6).layer());
    shell.steps().add_layer(LayerBuilder{}.file("x", "x").layer());
    BOOST_TEST(shell.out("stat -c '%a %u:%g' /; touch /new") == "751 5:6\n");
    BOOST_TEST(shell.seal() == Lines{"file new 644 0:0 0"}, per_element());
    shell.out("chmod 700 /");
    BOOST_TEST(shell.seal() == Lines{"dir . 700 5:6"}, per_element());
}

BOOST_DATA_TEST_CASE(whiteouts_of_layers_hide, backends, backend)
{
    Shell shell{backend};
    if (!shell)
        return;
    shell.steps().add_layer(LayerBuilder{}.file("etc/.wh.group", "").layer());
    BOOST_TEST(shell.out("ls /etc") == "hosts\npasswd\nresolv.conf\n");
    shell.seal();
    shell.steps().add_layer(LayerBuilder{}.file("home/x", "").layer());
    shell.steps().add_layer(LayerBuilder{}.file("etc/.wh..wh..opq", "").file("etc/new", "").layer());
    BOOST_TEST(shell.out("ls /etc /home") == "/etc:\nhosts\nnew\nresolv.conf\n\n/home:\nx\n");
}

BOOST_DATA_TEST_CASE(more_than_a_hundred_layers, backends, backend)
{
    const Machine machine{backend};
    if (!machine)
        return;
    std::vector<mica::sandbox::LayerSource> layers{busybox_root().layer()};
    for (int i = 0; i < 130; ++i)
        layers.push_back(LayerBuilder{}.file(fmt::format("l/{}", i), "x").layer());
    Steps steps{*machine.backend, layers};
    BOOST_TEST(steps.sh("ls /l | wc -l").out == "130\n");
}

BOOST_DATA_TEST_CASE(a_layer_that_lies_about_its_digest_is_not_kept, backends, backend)
{
    const Machine machine{backend};
    if (!machine)
        return;
    auto layer = busybox_root().layer();
    layer.open_tar = [good = layer.open_tar](const std::stop_token &stop) {
        auto bytes = mica::read_all(*good(stop));
        const auto size = bytes.size();
        bytes[600] ^= 1;
        return std::make_unique<mica::VerifyingSource>(std::make_unique<mica::StringSource>(std::move(bytes)),
                                                       busybox_root().layer().diff_id, size);
    };
    BOOST_TEST(kind_of([&] { Steps{*machine.backend, {layer}}; }) == mica::ErrorKind::integrity);
    Steps steps{*machine.backend, {busybox_root().layer()}};
    BOOST_TEST(steps.sh("true").status.code == 0);
}

BOOST_DATA_TEST_CASE(a_broken_tar_is_an_error, backends, backend)
{
    const Machine machine{backend};
    if (!machine)
        return;
    const auto layer = LayerBuilder::source_of("this is no tar archive" + std::string(1000, 'x'));
    BOOST_CHECK_THROW((Steps{*machine.backend, {layer}}), mica::Error);
}

BOOST_DATA_TEST_CASE(an_archive_cannot_write_through_its_links, backends, backend)
{
    const Machine machine{backend};
    if (!machine)
        return;
    const auto outside = machine.state.path() / "outside";
    std::filesystem::create_directory(outside);
    const auto evil = LayerBuilder{}.symlink("door", outside.native()).file("door/f", "x").layer();
    Steps steps{*machine.backend, {busybox_root().layer(), evil}};
    BOOST_TEST(steps.sh("cat /door/f").out == "x");
    BOOST_TEST(!std::filesystem::exists(outside / "f"));
}

BOOST_DATA_TEST_CASE(nothing_but_layers_is_left, backends, backend)
{
    const Machine machine{backend};
    if (!machine)
        return;
    {
        Steps steps{*machine.backend, {busybox_root().layer()}};
        BOOST_TEST(steps.sh("mkdir -m 0 /closed; echo x > /closed/f").status.code == 0);
        steps.seal();
    }
    BOOST_TEST(std::filesystem::is_empty(machine.state.path() / "scratch"));
    std::ifstream mounts{"/proc/self/mountinfo"};
    const std::string text{std::istreambuf_iterator<char>{mounts}, {}};
    BOOST_TEST(!contains(text, machine.state.path().native()));
}

BOOST_DATA_TEST_CASE(extracted_layers_are_used_again, backends, backend)
{
    const Machine machine{backend};
    if (!machine || std::string{backend} == "plain")
        return;
    auto layer = busybox_root().layer();
    {
        Steps{*machine.backend, {layer}};
    }
    layer.open_tar = [](const std::stop_token &) -> std::unique_ptr<mica::Source> {
        throw mica::Error{mica::ErrorKind::internal, "extracted again"};
    };
    mica::NullBus quiet;
    BOOST_CHECK_NO_THROW((void)machine.backend->open(std::vector{layer}, quiet, {}, {}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
