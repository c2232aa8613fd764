#include "backends.hh"

namespace {

using namespace mica::test;

BOOST_AUTO_TEST_SUITE(sandbox_confinement)

BOOST_DATA_TEST_CASE(capabilities_are_dockers, backends, backend)
{
    Shell shell{backend};
    if (!shell)
        return;
    BOOST_TEST(shell.out("grep Cap /proc/self/status | tr '\\t' ' '") ==
               "CapInh: 0000000000000000\nCapPrm: 00000000a80425fb\nCapEff: 00000000a80425fb\nCapBnd: "
               "00000000a80425fb\n"
               "CapAmb: 0000000000000000\n");
}

BOOST_DATA_TEST_CASE(another_user_has_no_capabilities, backends, backend)
{
    Shell shell{backend};
    if (!shell)
        return;
    auto command = Steps::shell("grep -E 'Cap(Prm|Eff|Bnd)|Groups|NoNewPrivs' /proc/self/status | tr '\\t' ' "
                                "'; id -u; id -g; echo x > /dev/stdout");
    command.uid = 1000;
    command.gid = 1001;
    command.groups = {7, 8};
    BOOST_TEST(shell.steps().run(command).out ==
               "Groups: 7 8 \nCapPrm: 0000000000000000\nCapEff: 0000000000000000\nCapBnd: "
               "00000000a80425fb\nNoNewPrivs: 0\n1000\n1001\nx\n");
}

BOOST_DATA_TEST_CASE(dangerous_calls_are_refused, backends, backend)
{
    Shell shell{backend};
    if (!shell)
        return;
    BOOST_TEST(shell.steps().sh("mount -t tmpfs none /tmp").status.code != 0);
    BOOST_TEST(shell.steps().sh("unshare -U true").status.code != 0);
    BOOST_TEST(shell.steps().sh("hostname other").status.code != 0);
    BOOST_TEST(shell.steps().sh("umount /proc").status.code != 0);
    BOOST_TEST(shell.out("grep Seccomp: /proc/self/status | tr '\\t' ' '") == "Seccomp: 2\n");
}

BOOST_DATA_TEST_CASE(insecure_commands_may_mount, backends, backend)
{
    Shell shell{backend};
    if (!shell)
        return;
    auto command = Steps::shell("mount -t tmpfs none /tmp && touch /tmp/x && echo mounted");
    command.insecure = true;
    BOOST_TEST(shell.steps().run(command).out == "mounted\n");
    BOOST_TEST(shell.seal().empty());
}

BOOST_DATA_TEST_CASE(proc_sys_and_dev_are_a_containers, backends, backend)
{
    Shell shell{backend};
    if (!shell)
        return;
    BOOST_TEST(shell.out("ls /dev") ==
               "fd\nfull\nmqueue\nnull\nptmx\npts\nrandom\nshm\nstderr\nstdin\nstdout\ntty\nurandom\nzero\n");
    BOOST_TEST(
        shell.out("echo x > /dev/null; head -c4 /dev/zero | wc -c; touch /dev/shm/f; df -k /dev/shm | tail "
                  "-n1 | awk '{print $2}'") == "4\n65536\n");
    BOOST_TEST(shell.steps().sh("touch /sys/x").status.code != 0);
    BOOST_TEST(shell.steps().sh("echo 1 > /proc/sys/kernel/panic").status.code != 0);
    BOOST_TEST(shell.out("cat /proc/kcore /proc/keys; ls /sys/firmware") == "");
    BOOST_TEST(shell.out("ls -d /proc/[0-9]* | wc -l | awk '{print $1 < 8}'") == "1\n");
    BOOST_TEST(shell.seal().empty());
}

BOOST_DATA_TEST_CASE(network_none_has_a_loopback_alone, backends, backend)
{
    Shell shell{backend};
    if (!shell)
        return;
    auto command = Steps::shell("ip link | grep -c '^[0-9]'; ip addr show lo | grep -c 127.0.0.1");
    command.network = mica::sandbox::Network::none;
    BOOST_TEST(shell.steps().run(command).out == "1\n1\n");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
