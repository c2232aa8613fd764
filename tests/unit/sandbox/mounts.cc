#include "backends.hh"
#include <fstream>

namespace {

using namespace mica::test;
using boost::test_tools::per_element;

BOOST_AUTO_TEST_SUITE(sandbox_mounts)

BOOST_DATA_TEST_CASE(hosts_are_read_only_and_not_in_the_layer, backends, backend)
{
    Shell shell{backend};
    if (!shell)
        return;
    auto command = Steps::shell("cat /etc/hosts; echo x >> /etc/hosts");
    command.extra_hosts = {{"db", "10.0.0.7"}};
    const auto result = shell.steps().run(command);
    BOOST_TEST(result.out ==
               "127.0.0.1\tlocalhost mica\n::1\tlocalhost ip6-localhost ip6-loopback\n10.0.0.7\tdb\n");
    BOOST_TEST(result.status.code != 0);
    BOOST_TEST(shell.seal().empty());
}

BOOST_DATA_TEST_CASE(host_directories_are_seen_and_leave_no_trace, backends, backend)
{
    Shell shell{backend};
    if (!shell)
        return;
    const TemporaryDirectory host;
    std::ofstream{host / "f"} << "from the host";
    auto command = Steps::shell("cat /mnt/in/f; echo x > /mnt/in/g");
    command.mounts = {{"/mnt/in", mica::sandbox::HostDirectory{host.path(), true}}};
    const auto result = shell.steps().run(command);
    BOOST_TEST(result.out == "from the host");
    BOOST_TEST(result.status.code != 0);
    BOOST_TEST(shell.seal().empty());
    command.mounts = {{"/etc", mica::sandbox::HostDirectory{host.path(), false}}};
    command.argv[2] = "echo written > /etc/g";
    BOOST_TEST(shell.steps().run(command).status.code == 0);
    BOOST_TEST(std::filesystem::exists(host / "g"));
    BOOST_TEST(shell.seal().empty());
}

BOOST_DATA_TEST_CASE(views_of_layers_can_be_mounted, backends, backend)
{
    Shell shell{backend};
    if (!shell)
        return;
    mica::sandbox::LayerView view;
    view.layers = {LayerBuilder{}.directory("a").file("a/f", "lower").file("a/g", "gone").layer(),
                   LayerBuilder{}.file("a/.wh.g", "").layer()};
    view.subpath = "a";
    auto command = Steps::shell("ls /view; cat /view/f; echo x > /view/f && cat /view/f");
    command.mounts = {{"/view", view}};
    BOOST_TEST(shell.steps().run(command).out == "f\nlower");
    view.read_only = false;
    command.mounts = {{"/view", view}};
    BOOST_TEST(shell.steps().run(command).out == "f\nlowerx\n");
    BOOST_TEST(shell.steps().run(command).out == "f\nlowerx\n");
    BOOST_TEST(shell.seal().empty());
}

BOOST_DATA_TEST_CASE(a_view_of_what_is_not_there_is_an_error, backends, backend)
{
    Shell shell{backend};
    if (!shell)
        return;
    auto command = Steps::shell("true");
    command.mounts = {{"/view", mica::sandbox::LayerView{{}, "a/b"}}};
    BOOST_TEST(kind_of([&] { (void)shell.steps().run(command); }) == mica::ErrorKind::not_found);
    BOOST_TEST(shell.out("echo still usable") == "still usable\n");
}

BOOST_DATA_TEST_CASE(a_tmpfs_is_empty_and_limited, backends, backend)
{
    Shell shell{backend};
    if (!shell)
        return;
    auto command =
        Steps::shell("ls -A /etc/passwd /tmp; df -k /tmp | tail -n1 | awk '{print $2}'; touch /tmp/x");
    command.mounts = {{"/tmp", mica::sandbox::Tmpfs{1 << 20}}};
    BOOST_TEST(shell.steps().run(command).out == "/etc/passwd\n\n/tmp:\n1024\n");
    BOOST_TEST(shell.seal().empty());
}

BOOST_DATA_TEST_CASE(a_secret_is_a_file_for_its_owner, backends, backend)
{
    Shell shell{backend};
    if (!shell)
        return;
    mica::sandbox::SecretFile secret{std::make_shared<mica::StringContent>("s3cret"), 0440, 1000, 7};
    auto command = Steps::shell("cat /run/secrets/token; stat -c ' %a %u:%g' /run/secrets/token");
    command.mounts = {{"/run/secrets/token", secret}};
    BOOST_TEST(shell.steps().run(command).out == "s3cret 440 1000:7\n");
    BOOST_TEST(shell.seal().empty());
}

BOOST_DATA_TEST_CASE(a_mount_point_that_gets_company_stays, backends, backend)
{
    Shell shell{backend};
    if (!shell)
        return;
    auto command = Steps::shell("echo x > /run/other");
    command.mounts = {{"/run/secrets/token", mica::sandbox::SecretFile{}}};
    BOOST_TEST(shell.steps().run(command).status.code == 0);
    const Lines expected{"dir run 755 0:0", "file run/other 644 0:0 2"};
    BOOST_TEST(shell.seal() == expected, per_element());
}

BOOST_DATA_TEST_CASE(a_mount_target_follows_links_inside_the_root, backends, backend)
{
    Shell shell{backend};
    if (!shell)
        return;
    shell.steps().add_layer(
        LayerBuilder{}.symlink("up", "../../../run").symlink("dangling", "/var/x").layer());
    auto command = Steps::shell("ls /run /var/x; true");
    command.mounts = {{"/up/mounted", mica::sandbox::Tmpfs{}}, {"/dangling/y", mica::sandbox::Tmpfs{}}};
    BOOST_TEST(shell.steps().run(command).out == "/run:\nmounted\n\n/var/x:\ny\n");
    BOOST_TEST(shell.seal().empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
