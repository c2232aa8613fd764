#include "backends.hh"

namespace {

using namespace mica::test;
using boost::test_tools::per_element;

/// Where there is nothing but one id.
struct FakeRoot {
    FakeRoot() : shell{"single"} {}
    Shell shell;
};

BOOST_FIXTURE_TEST_SUITE(sandbox_fake_root, FakeRoot)

BOOST_AUTO_TEST_CASE(owners_and_modes_are_shown_as_set)
{
    if (!shell)
        return;
    BOOST_TEST(shell.out("touch /f && chown 12:34 /f && chmod 4711 /f && stat -c '%u %g %a' /f; chown 5 /f; "
                         "stat -c '%u %g %a' /f") == "12 34 4711\n5 34 711\n");
}

BOOST_AUTO_TEST_CASE(root_reads_and_writes_what_modes_deny)
{
    if (!shell)
        return;
    BOOST_TEST(
        shell.out("echo text > /f; chmod 0 /f; cat /f; mkdir -m 0 /d; touch /d/f; stat -c '%a' /f /d") ==
        "text\n0\n0\n");
}

BOOST_AUTO_TEST_CASE(devices_are_recorded)
{
    if (!shell)
        return;
    BOOST_TEST(shell.out("mknod /c c 1 3; mknod -m 600 /b b 8 1; stat -c '%F %t %T %a' /c /b") ==
               "character special file 1 3 644\nblock special file 8 1 600\n");
}

BOOST_AUTO_TEST_CASE(a_directory_with_setgid_hands_on_its_group)
{
    if (!shell)
        return;
    BOOST_TEST(shell.out("mkdir /d; chown 0:50 /d; chmod 2775 /d; touch /d/f; mkdir /d/e; ln -s f /d/l; "
                         "stat -c '%u:%g %a' /d/f /d/e /d/l") == "0:50 644\n0:50 2755\n0:50 777\n");
}

BOOST_AUTO_TEST_CASE(ids_are_those_that_were_set)
{
    if (!shell)
        return;
    auto command =
        Steps::shell("id -u; id -g; touch /tmp/f; stat -c '%u:%g' /tmp/f; "
                     "touch /etc/f 2>/dev/null || echo refused; chown 0 /tmp/f 2>/dev/null || echo refused");
    command.uid = 1000;
    command.gid = 1001;
    (void)shell.out("chmod 1777 /tmp 2>/dev/null || mkdir -m 1777 /tmp");
    BOOST_TEST(shell.steps().run(command).out == "1000\n1001\n1000:1001\nrefused\nrefused\n");
}

BOOST_AUTO_TEST_CASE(a_child_has_the_ids_of_its_parent_even_after_its_end)
{
    if (!shell)
        return;
    (void)shell.out("echo u:x:7:8::/:/bin/sh >> /etc/passwd");
    BOOST_TEST(shell.out("/bin/busybox su u -c '(sleep 0.3; id -u) & exec true'; id -u; sleep 1") ==
               "0\n7\n");
}

BOOST_AUTO_TEST_CASE(the_layer_has_what_was_recorded)
{
    if (!shell)
        return;
    (void)shell.seal();
    (void)shell.out("mkdir /x; touch /x/f; chown 3:4 /x/f; chmod 0 /x/f; mknod /x/null c 1 3; ln -s f /x/l; "
                    "chown -h 5:6 /x/l");
    BOOST_TEST(shell.seal() == (Lines{"dir x 755 0:0", "file x/f 0 3:4 0", "symlink x/l -> f",
                                      "char x/null 644 0:0 1,3"}),
               per_element());
    (void)shell.out("chown 9 /x/f");
    BOOST_TEST(shell.seal() == Lines{"file x/f 0 9:4 0"}, per_element());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
