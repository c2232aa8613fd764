#include "backends.hh"

namespace {

using namespace mica::test;
using boost::test_tools::per_element;

BOOST_AUTO_TEST_SUITE(sandbox_changes)

BOOST_DATA_TEST_CASE(a_step_without_change_has_no_changes, backends, backend)
{
    Shell shell{backend};
    if (!shell)
        return;
    BOOST_TEST(shell.steps().sh("true").status.code == 0);
    BOOST_TEST(shell.seal() == Lines{}, per_element());
}

BOOST_DATA_TEST_CASE(a_step_that_ran_nothing_has_no_changes, backends, backend)
{
    Shell shell{backend};
    if (!shell)
        return;
    BOOST_TEST(shell.seal().empty());
}

BOOST_DATA_TEST_CASE(new_files_carry_their_metadata, backends, backend)
{
    Shell shell{backend};
    if (!shell)
        return;
    shell.out("umask 0; mkdir -p /srv/data; echo hello > /srv/data/f; chmod 4751 /srv/data/f; chown 33:44 "
              "/srv/data; ln -s f /srv/data/s;"
              "mkfifo /srv/data/p; ln /srv/data/f /srv/data/l");
    const auto changes = shell.steps().changes();
    Lines lines;
    for (const auto &change : changes)
        lines.push_back(describe_change(change));
    const Lines expected{"dir srv 777 0:0",
                         "dir srv/data 777 33:44",

                         "file srv/data/f 4751 0:0 6",
                         "link srv/data/l -> srv/data/f",
                         "fifo srv/data/p 666 0:0",
                         "symlink srv/data/s -> f"};
    BOOST_TEST(lines == expected, per_element());
    BOOST_TEST(bytes_of(changes[2]) == "hello\n");
}

BOOST_DATA_TEST_CASE(a_removed_file_is_a_removal, backends, backend)
{
    Shell shell{backend};
    if (!shell)
        return;
    shell.out("rm /etc/group");
    BOOST_TEST(has(shell.seal(), "remove etc/group"));
}

BOOST_DATA_TEST_CASE(a_file_that_came_and_went_leaves_nothing_but_the_directory_time, backends, backend)
{
    Shell shell{backend};
    if (!shell)
        return;
    shell.out("echo x > /etc/new; rm /etc/new");
    BOOST_TEST(shell.seal() == Lines{"dir etc 755 0:0"}, per_element());
}

BOOST_DATA_TEST_CASE(a_directory_made_anew_hides_the_old_one, backends, backend)
{
    Shell shell{backend};
    if (!shell)
        return;
    shell.steps().add_layer(LayerBuilder{}.directory("home/a").file("home/a/old", "").layer());
    shell.out("rm -r /home/a && mkdir /home/a && echo new > /home/a/one");
    const Lines expected{"dir home 755 0:0", "dir home/a 755 0:0", "opaque home/a",
                         "file home/a/one 644 0:0 4"};
    BOOST_TEST(shell.seal() == expected, per_element());
    BOOST_TEST(shell.out("ls /home/a") == "one\n");
}

BOOST_DATA_TEST_CASE(a_file_that_was_only_opened_for_writing_is_no_change, backends, backend)
{
    Shell shell{backend};
    if (!shell)
        return;
    shell.steps().add_layer(LayerBuilder{}.file("etc/same", "text").file("etc/other", "text").layer());
    shell.out(": >> /etc/same; echo more >> /etc/other");
    BOOST_TEST(shell.seal() == Lines{"file etc/other 644 0:0 9"}, per_element());
}

BOOST_DATA_TEST_CASE(a_new_directory_is_not_opaque, backends, backend)
{
    Shell shell{backend};
    if (!shell)
        return;
    shell.out("mkdir /etc/new");
    const auto lines = shell.seal();
    BOOST_TEST(has(lines, "dir etc/new 755 0:0"));
    BOOST_TEST(!has(lines, "opaque etc/new"));
}

BOOST_DATA_TEST_CASE(a_chmod_alone_copies_the_file, backends, backend)
{
    Shell shell{backend};
    if (!shell)
        return;
    shell.out("chmod 600 /etc/passwd");
    BOOST_TEST(has(shell.seal(), "file etc/passwd 600 0:0 69"));
}

BOOST_DATA_TEST_CASE(capabilities_of_files_are_kept, backends, backend)
{
    Shell shell{backend};
    if (!shell)
        return;
    // cap_net_raw+ep, version 2.
    mica::tar::Entry ping = LayerBuilder::entry(mica::tar::FileType::regular, "ping", 0755, 0, 0);
    ping.xattrs["security.capability"] =
        std::string{"\x01\x00\x00\x02\x00\x20\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", 20};
    shell.steps().add_layer(LayerBuilder{}.add(ping, "x").layer());
    shell.out("touch /ping");
    BOOST_TEST(has(shell.seal(), "file ping 755 0:0 1 security.capability=20"));
}

BOOST_DATA_TEST_CASE(steps_build_on_one_another, backends, backend)
{
    Shell shell{backend};
    if (!shell)
        return;
    shell.out("echo one > /one");
    shell.seal();
    BOOST_TEST(shell.out("cat /one; rm /one; echo two > /two") == "one\n");
    const Lines expected{"remove one", "file two 644 0:0 4"};
    BOOST_TEST(shell.seal() == expected, per_element());
    BOOST_TEST(shell.out("ls /one /two 2>/dev/null; true") == "/two\n");
}

BOOST_DATA_TEST_CASE(contents_are_readable_until_the_next_step, backends, backend)
{
    Shell shell{backend};
    if (!shell)
        return;
    shell.out("echo one > /f");
    const auto first = shell.steps().changes();
    BOOST_TEST(bytes_of(first.at(0)) == "one\n");
    shell.out("echo three > /f");
    const auto second = shell.steps().changes();
    BOOST_TEST(bytes_of(second.at(0)) == "three\n");
    // Later they are what they were, or an error; never something else.
    if (std::string{backend} == "plain")
        BOOST_CHECK_THROW((void)bytes_of(first.at(0)), mica::Error);
    else
        BOOST_TEST(bytes_of(first.at(0)) == "one\n");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
