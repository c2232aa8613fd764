#include "backends.hh"
#include "support/errors.hh"
#include "support/layer_builder.hh"
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <fmt/format.h>
#include <fstream>
#include <sys/stat.h>
#include <thread>

namespace {

using mica::test::BackendFixture;
using mica::test::NeedsBackend;
using mica::test::Steps;
namespace utf = boost::unit_test;

struct Shell : BackendFixture {
    Steps steps{*backend, {mica::test::busybox_root().layer()}};

    std::string out(const std::string &script)
    {
        const auto result = steps.sh(script);
        BOOST_TEST(result.status.code == 0, script << ": " << result.status.code << " " << result.err);
        return result.out;
    }
};

using Lines = std::vector<std::string>;

bool has(const Lines &lines, const std::string &line)
{
    return std::ranges::find(lines, line) != lines.end();
}

BOOST_AUTO_TEST_SUITE(ns_backend, *utf::precondition(NeedsBackend{"ns"}))

BOOST_FIXTURE_TEST_CASE(output_and_status_come_back, Shell)
{
    const auto result = steps.sh("echo out; echo err >&2; exit 3");
    BOOST_TEST(result.out == "out\n");
    BOOST_TEST(result.err == "err\n");
    BOOST_TEST(result.status.code == 3);
}

BOOST_FIXTURE_TEST_CASE(a_signal_is_128_and_its_number, Shell)
{
    const auto result = steps.sh("kill -TERM $$");
    BOOST_TEST(result.status.code == 128 + 15);
    BOOST_TEST(result.status.signal == 15);
}

BOOST_FIXTURE_TEST_CASE(a_missing_program_is_127, Shell)
{
    auto command = Steps::shell("");
    command.argv = {"nonesuch"};
    const auto result = steps.run(command);
    BOOST_TEST(result.status.code == 127);
    BOOST_TEST(result.err == "exec: \"nonesuch\": executable file not found in $PATH\n");
}

BOOST_FIXTURE_TEST_CASE(a_file_that_is_no_program_is_126, Shell)
{
    auto command = Steps::shell("");
    command.argv = {"/etc/passwd"};
    BOOST_TEST(steps.run(command).status.code == 126);
}

BOOST_FIXTURE_TEST_CASE(a_step_without_change_has_no_changes, Shell)
{
    BOOST_TEST(steps.sh("true").status.code == 0);
    BOOST_TEST(steps.seal() == Lines{}, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(a_step_that_ran_nothing_has_no_changes, Shell)
{
    BOOST_TEST(steps.seal().empty());
}

BOOST_FIXTURE_TEST_CASE(new_files_carry_their_metadata, Shell)
{
    out("umask 0; mkdir -p /srv/data; echo hello > /srv/data/f; chmod 4751 /srv/data/f; chown 33:44 "
        "/srv/data; ln -s f /srv/data/s;"
        "mkfifo /srv/data/p; mknod /srv/data/c c 1 3; ln /srv/data/f /srv/data/l");
    const auto changes = steps.changes();
    Lines lines;
    for (const auto &change : changes)
        lines.push_back(mica::test::describe_change(change));
    const Lines expected{"dir srv 777 0:0",
                         "dir srv/data 777 33:44",
                         "char srv/data/c 666 0:0 1,3",
                         "file srv/data/f 4751 0:0 6",
                         "link srv/data/l -> srv/data/f",
                         "fifo srv/data/p 666 0:0",
                         "symlink srv/data/s -> f"};
    BOOST_TEST(lines == expected, boost::test_tools::per_element());
    BOOST_TEST(mica::test::bytes_of(changes[3]) == "hello\n");
}

BOOST_FIXTURE_TEST_CASE(a_removed_file_is_a_removal, Shell)
{
    out("rm /etc/group");
    BOOST_TEST(has(steps.seal(), "remove etc/group"));
}

BOOST_FIXTURE_TEST_CASE(a_file_that_came_and_went_leaves_nothing_but_the_directory_time, Shell)
{
    out("echo x > /etc/new; rm /etc/new");
    BOOST_TEST(steps.seal() == Lines{"dir etc 755 0:0"}, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(a_directory_made_anew_hides_the_old_one, Shell)
{
    steps.add_layer(mica::test::LayerBuilder{}.directory("home/a").file("home/a/old", "").layer());
    out("rm -r /home/a && mkdir /home/a && echo new > /home/a/one");
    const Lines expected{"dir home 755 0:0", "dir home/a 755 0:0", "opaque home/a", "file home/a/one 644 0:0 4"};
    BOOST_TEST(steps.seal() == expected, boost::test_tools::per_element());
    BOOST_TEST(out("ls /home/a") == "one\n");
}

BOOST_FIXTURE_TEST_CASE(a_new_directory_is_not_opaque, Shell)
{
    out("mkdir /etc/new");
    const auto lines = steps.seal();
    BOOST_TEST(has(lines, "dir etc/new 755 0:0"));
    BOOST_TEST(!has(lines, "opaque etc/new"));
}

BOOST_FIXTURE_TEST_CASE(a_chmod_alone_copies_the_file, Shell)
{
    out("chmod 600 /etc/passwd");
    BOOST_TEST(has(steps.seal(), "file etc/passwd 600 0:0 77"));
}

BOOST_FIXTURE_TEST_CASE(capabilities_of_files_are_kept, Shell)
{
    // cap_net_raw+ep, version 2.
    mica::tar::Entry ping = mica::test::LayerBuilder::entry(mica::tar::FileType::regular, "ping", 0755, 0, 0);
    ping.xattrs["security.capability"] =
        std::string{"\x01\x00\x00\x02\x00\x20\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", 20};
    steps.add_layer(mica::test::LayerBuilder{}.add(ping, "x").layer());
    out("touch /ping");
    BOOST_TEST(has(steps.seal(), "file ping 755 0:0 1 security.capability=20"));
}

BOOST_FIXTURE_TEST_CASE(steps_build_on_one_another, Shell)
{
    out("echo one > /one");
    steps.seal();
    BOOST_TEST(out("cat /one; rm /one; echo two > /two") == "one\n");
    const Lines expected{"remove one", "file two 644 0:0 4"};
    BOOST_TEST(steps.seal() == expected, boost::test_tools::per_element());
    BOOST_TEST(out("ls /one /two 2>/dev/null; true") == "/two\n");
}

BOOST_FIXTURE_TEST_CASE(contents_of_earlier_steps_stay_readable, Shell)
{
    out("echo one > /f");
    const auto first = steps.changes();
    out("echo three > /f");
    const auto second = steps.changes();
    BOOST_TEST(mica::test::bytes_of(first.at(0)) == "one\n");
    BOOST_TEST(mica::test::bytes_of(second.at(0)) == "three\n");
}

BOOST_FIXTURE_TEST_CASE(a_layer_can_be_put_between_steps, Shell)
{
    out("echo one > /one");
    steps.seal();
    steps.add_layer(mica::test::LayerBuilder{}.file("copied", "from a copy").file("one", "changed").layer());
    BOOST_TEST(out("cat /copied /one") == "from a copychanged");
}

BOOST_FIXTURE_TEST_CASE(a_directory_that_a_layer_only_implies_keeps_its_metadata, Shell)
{
    steps.add_layer(mica::test::LayerBuilder{}.directory("data", 02750, 7, 8).layer());
    steps.add_layer(mica::test::LayerBuilder{}.file("data/f", "x").layer());
    BOOST_TEST(out("stat -c '%a %u:%g %Y' /data") == "2750 7:8 1600000000\n");
    BOOST_TEST(steps.seal().empty());
}

BOOST_FIXTURE_TEST_CASE(a_hard_link_to_a_lower_layer_is_made, Shell)
{
    steps.add_layer(mica::test::LayerBuilder{}.hardlink("accounts", "etc/passwd").layer());
    BOOST_TEST(out("cat /accounts | head -n1") == "root:x:0:0:root:/root:/bin/sh\n");
    BOOST_TEST(steps.seal().empty());
}

BOOST_FIXTURE_TEST_CASE(the_root_directory_keeps_its_metadata, Shell)
{
    steps.add_layer(mica::test::LayerBuilder{}.directory("", 0751, 5, 6).layer());
    steps.add_layer(mica::test::LayerBuilder{}.file("x", "x").layer());
    BOOST_TEST(out("stat -c '%a %u:%g' /; touch /new") == "751 5:6\n");
    BOOST_TEST(steps.seal() == Lines{"file new 644 0:0 0"}, boost::test_tools::per_element());
    out("chmod 700 /");
    BOOST_TEST(steps.seal() == Lines{"dir . 700 5:6"}, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(whiteouts_of_layers_hide, Shell)
{
    steps.add_layer(mica::test::LayerBuilder{}.file("etc/.wh.group", "").layer());
    BOOST_TEST(out("ls /etc") == "hosts\npasswd\nresolv.conf\n");
    steps.seal();
    steps.add_layer(mica::test::LayerBuilder{}.file("home/x", "").layer());
    steps.add_layer(mica::test::LayerBuilder{}.file("etc/.wh..wh..opq", "").file("etc/new", "").layer());
    BOOST_TEST(out("ls /etc /home") == "/etc:\nhosts\nnew\nresolv.conf\n\n/home:\nx\n");
}

BOOST_FIXTURE_TEST_CASE(no_process_outlives_its_command, Shell)
{
    const auto begin = std::chrono::steady_clock::now();
    out("(setsid sh -c 'while true; do date > /tmp/alive; sleep 0.01; done' &) ; sleep 1000 & echo started");
    BOOST_TEST((std::chrono::steady_clock::now() - begin < std::chrono::seconds{5}));
    BOOST_TEST(out("ps | grep -c '[s]leep 1000'; true") == "0\n");
}

BOOST_FIXTURE_TEST_CASE(a_stop_kills_everything, Shell)
{
    std::stop_source source;
    std::jthread stopper{[&] {
        std::this_thread::sleep_for(std::chrono::milliseconds{100});
        source.request_stop();
    }};
    BOOST_CHECK_THROW(steps.run(Steps::shell("trap '' TERM INT; sleep 1000"), source.get_token()),
                      mica::Cancelled);
    BOOST_TEST(out("echo again") == "again\n");
}

BOOST_FIXTURE_TEST_CASE(what_the_visitor_throws_ends_the_command, Shell)
{
    const auto fail = [](bool, mica::BytesView) {
        throw mica::Error{mica::ErrorKind::io, "the terminal is gone"};
    };
    BOOST_TEST(mica::test::error_of([&] {
                   (void)steps.workspace().run(Steps::shell("echo x; sleep 1000"), fail, {});
               }).message() == "the terminal is gone");
}

BOOST_FIXTURE_TEST_CASE(environment_and_standard_input_are_what_was_asked_for, Shell)
{
    auto command = Steps::shell("env | sort; wc -c; umask; pwd");
    command.environment = {"PATH=/bin", "A=b c"};
    command.working_directory = "/home/new/place";
    BOOST_TEST(steps.run(command).out ==
               "A=b c\nPATH=/bin\nPWD=/home/new/place\nSHLVL=1\n0\n0022\n/home/new/place\n");
    const Lines expected{"dir home 755 0:0", "dir home/new 755 0:0", "dir home/new/place 755 0:0"};
    BOOST_TEST(steps.seal() == expected, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(capabilities_are_dockers, Shell)
{
    BOOST_TEST(out("grep Cap /proc/self/status | tr '\\t' ' '") ==
               "CapInh: 0000000000000000\nCapPrm: 00000000a80425fb\nCapEff: 00000000a80425fb\nCapBnd: "
               "00000000a80425fb\n"
               "CapAmb: 0000000000000000\n");
}

BOOST_FIXTURE_TEST_CASE(another_user_has_no_capabilities, Shell)
{
    auto command = Steps::shell("grep -E 'Cap(Prm|Eff|Bnd)|Groups|NoNewPrivs' /proc/self/status | tr '\\t' ' "
                                "'; id -u; id -g; echo x > /dev/stdout");
    command.uid = 1000;
    command.gid = 1001;
    command.groups = {7, 8};
    BOOST_TEST(steps.run(command).out ==
               "Groups: 7 8 \nCapPrm: 0000000000000000\nCapEff: 0000000000000000\nCapBnd: "
               "00000000a80425fb\nNoNewPrivs: 0\n1000\n1001\nx\n");
}

BOOST_FIXTURE_TEST_CASE(dangerous_calls_are_refused, Shell)
{
    BOOST_TEST(steps.sh("mount -t tmpfs none /tmp").status.code != 0);
    BOOST_TEST(steps.sh("unshare -U true").status.code != 0);
    BOOST_TEST(steps.sh("hostname other").status.code != 0);
    BOOST_TEST(steps.sh("umount /proc").status.code != 0);
    BOOST_TEST(out("grep Seccomp: /proc/self/status | tr '\\t' ' '") == "Seccomp: 2\n");
}

BOOST_FIXTURE_TEST_CASE(insecure_commands_may_mount, Shell)
{
    auto command = Steps::shell(
        "mount -t tmpfs none /tmp && touch /tmp/x && grep Seccomp: /proc/self/status | tr '\\t' ' '");
    command.insecure = true;
    BOOST_TEST(steps.run(command).out == "Seccomp: 0\n");
    BOOST_TEST(steps.seal().empty());
}

BOOST_FIXTURE_TEST_CASE(proc_sys_and_dev_are_a_containers, Shell)
{
    BOOST_TEST(out("ls /dev") ==
               "fd\nfull\nmqueue\nnull\nptmx\npts\nrandom\nshm\nstderr\nstdin\nstdout\ntty\nurandom\nzero\n");
    BOOST_TEST(out("echo x > /dev/null; head -c4 /dev/zero | wc -c; touch /dev/shm/f; df -k /dev/shm | tail "
                   "-n1 | awk '{print $2}'") == "4\n65536\n");
    BOOST_TEST(steps.sh("touch /sys/x").status.code != 0);
    BOOST_TEST(steps.sh("echo 1 > /proc/sys/kernel/panic").status.code != 0);
    BOOST_TEST(out("cat /proc/kcore /proc/keys; ls /sys/firmware") == "");
    BOOST_TEST(out("hostname; ls -d /proc/[0-9]* | wc -l | awk '{print $1 < 8}'") == "mica\n1\n");
    BOOST_TEST(steps.seal().empty());
}

BOOST_FIXTURE_TEST_CASE(hosts_are_read_only_and_not_in_the_layer, Shell)
{
    auto command = Steps::shell("cat /etc/hosts; echo x >> /etc/hosts");
    command.extra_hosts = {{"db", "10.0.0.7"}};
    const auto result = steps.run(command);
    BOOST_TEST(result.out ==
               "127.0.0.1\tlocalhost mica\n::1\tlocalhost ip6-localhost ip6-loopback\n10.0.0.7\tdb\n");
    BOOST_TEST(result.status.code != 0);
    BOOST_TEST(steps.seal().empty());
}

BOOST_FIXTURE_TEST_CASE(network_none_has_a_loopback_alone, Shell)
{
    auto command = Steps::shell("ls /sys/class/net; ip addr show lo | grep -c 127.0.0.1");
    command.network = mica::sandbox::Network::none;
    BOOST_TEST(steps.run(command).out == "lo\n1\n");
}

BOOST_FIXTURE_TEST_CASE(host_directories_are_seen_and_leave_no_trace, Shell)
{
    const mica::test::TemporaryDirectory host;
    std::ofstream{host / "f"} << "from the host";
    auto command = Steps::shell("cat /mnt/in/f; echo x > /mnt/in/g");
    command.mounts = {{"/mnt/in", mica::sandbox::HostDirectory{host.path(), true}}};
    const auto result = steps.run(command);
    BOOST_TEST(result.out == "from the host");
    BOOST_TEST(result.status.code != 0);
    BOOST_TEST(steps.seal().empty());
    command.mounts = {{"/etc", mica::sandbox::HostDirectory{host.path(), false}}};
    command.argv[2] = "echo written > /etc/g";
    BOOST_TEST(steps.run(command).status.code == 0);
    BOOST_TEST(std::filesystem::exists(host / "g"));
    BOOST_TEST(steps.seal().empty());
}

BOOST_FIXTURE_TEST_CASE(views_of_layers_can_be_mounted, Shell)
{
    mica::sandbox::LayerView view;
    view.layers = {mica::test::LayerBuilder{}.directory("a").file("a/f", "lower").file("a/g", "gone").layer(),
                   mica::test::LayerBuilder{}.file("a/.wh.g", "").layer()};
    view.subpath = "a";
    auto command = Steps::shell("ls /view; cat /view/f; echo x > /view/f && cat /view/f");
    command.mounts = {{"/view", view}};
    BOOST_TEST(steps.run(command).out == "f\nlower");
    view.read_only = false;
    command.mounts = {{"/view", view}};
    BOOST_TEST(steps.run(command).out == "f\nlowerx\n");
    BOOST_TEST(steps.run(command).out == "f\nlowerx\n");
    BOOST_TEST(steps.seal().empty());
}

BOOST_FIXTURE_TEST_CASE(a_view_of_what_is_not_there_is_an_error, Shell)
{
    auto command = Steps::shell("true");
    command.mounts = {{"/view", mica::sandbox::LayerView{{}, "a/b"}}};
    BOOST_TEST(mica::test::kind_of([&] { (void)steps.run(command); }) == mica::ErrorKind::not_found);
    BOOST_TEST(out("echo still usable") == "still usable\n");
}

BOOST_FIXTURE_TEST_CASE(a_tmpfs_is_empty_and_limited, Shell)
{
    auto command =
        Steps::shell("ls -A /etc/passwd /tmp; df -k /tmp | tail -n1 | awk '{print $2}'; touch /tmp/x");
    command.mounts = {{"/tmp", mica::sandbox::Tmpfs{1 << 20}}};
    BOOST_TEST(steps.run(command).out == "/etc/passwd\n\n/tmp:\n1024\n");
    BOOST_TEST(steps.seal().empty());
}

BOOST_FIXTURE_TEST_CASE(a_secret_is_a_file_for_its_owner, Shell)
{
    mica::sandbox::SecretFile secret{std::make_shared<mica::StringContent>("s3cret"), 0440, 1000, 7};
    auto command = Steps::shell("cat /run/secrets/token; stat -c ' %a %u:%g' /run/secrets/token");
    command.mounts = {{"/run/secrets/token", secret}};
    BOOST_TEST(steps.run(command).out == "s3cret 440 1000:7\n");
    BOOST_TEST(steps.seal().empty());
}

BOOST_FIXTURE_TEST_CASE(a_mount_point_that_gets_company_stays, Shell)
{
    auto command = Steps::shell("echo x > /run/other");
    command.mounts = {{"/run/secrets/token", mica::sandbox::SecretFile{}}};
    BOOST_TEST(steps.run(command).status.code == 0);
    const Lines expected{"dir run 755 0:0", "file run/other 644 0:0 2"};
    BOOST_TEST(steps.seal() == expected, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(a_mount_target_follows_links_inside_the_root, Shell)
{
    steps.add_layer(
        mica::test::LayerBuilder{}.symlink("up", "../../../run").symlink("dangling", "/var/x").layer());
    auto command = Steps::shell("ls /run /var/x; true");
    command.mounts = {{"/up/mounted", mica::sandbox::Tmpfs{}}, {"/dangling/y", mica::sandbox::Tmpfs{}}};
    BOOST_TEST(steps.run(command).out == "/run:\nmounted\n\n/var/x:\ny\n");
    BOOST_TEST(steps.seal().empty());
}

BOOST_FIXTURE_TEST_CASE(more_than_a_hundred_layers, BackendFixture)
{
    std::vector<mica::sandbox::LayerSource> layers{mica::test::busybox_root().layer()};
    for (int i = 0; i < 130; ++i)
        layers.push_back(mica::test::LayerBuilder{}.file(fmt::format("l/{}", i), "x").layer());
    Steps steps{*backend, layers};
    BOOST_TEST(steps.sh("ls /l | wc -l").out == "130\n");
}

BOOST_FIXTURE_TEST_CASE(a_layer_that_lies_about_its_digest_is_not_kept, BackendFixture)
{
    auto layer = mica::test::busybox_root().layer();
    layer.open_tar = [good = layer.open_tar](const std::stop_token &stop) {
        auto bytes = mica::read_all(*good(stop));
        const auto size = bytes.size();
        bytes[600] ^= 1;
        return std::make_unique<mica::VerifyingSource>(std::make_unique<mica::StringSource>(std::move(bytes)),
                                                       mica::test::busybox_root().layer().diff_id, size);
    };
    BOOST_TEST(mica::test::kind_of([&] { Steps{*backend, {layer}}; }) == mica::ErrorKind::integrity);
    Steps steps{*backend, {mica::test::busybox_root().layer()}};
    BOOST_TEST(steps.sh("true").status.code == 0);
}

BOOST_FIXTURE_TEST_CASE(a_broken_tar_is_an_error, BackendFixture)
{
    const auto layer = mica::test::LayerBuilder::source_of("this is no tar archive" + std::string(1000, 'x'));
    BOOST_CHECK_THROW((Steps{*backend, {layer}}), mica::Error);
}

BOOST_FIXTURE_TEST_CASE(an_archive_cannot_write_through_its_links, BackendFixture)
{
    const auto outside = state.path() / "outside";
    std::filesystem::create_directory(outside);
    const auto evil =
        mica::test::LayerBuilder{}.symlink("door", outside.native()).file("door/f", "x").layer();
    Steps steps{*backend, {mica::test::busybox_root().layer(), evil}};
    BOOST_TEST(steps.sh("cat /door/f").out == "x");
    BOOST_TEST(!std::filesystem::exists(outside / "f"));
}

BOOST_FIXTURE_TEST_CASE(nothing_but_layers_is_left, BackendFixture)
{
    {
        Steps steps{*backend, {mica::test::busybox_root().layer()}};
        BOOST_TEST(steps.sh("mkdir -m 0 /closed; echo x > /closed/f").status.code == 0);
        steps.seal();
    }
    BOOST_TEST(std::filesystem::is_empty(state.path() / "scratch"));
    std::ifstream mounts{"/proc/self/mountinfo"};
    const std::string text{std::istreambuf_iterator<char>{mounts}, {}};
    BOOST_TEST(!mica::test::contains(text, state.path().native()));
}

BOOST_FIXTURE_TEST_CASE(extracted_layers_are_used_again, BackendFixture)
{
    auto layer = mica::test::busybox_root().layer();
    {
        Steps{*backend, {layer}};
    }
    layer.open_tar = [](const std::stop_token &) -> std::unique_ptr<mica::Source> {
        throw mica::Error{mica::ErrorKind::internal, "extracted again"};
    };
    mica::NullBus quiet;
    BOOST_CHECK_NO_THROW((void)backend->open(std::vector{layer}, quiet, {}, {}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
