#include "sandbox/chroot/proc_path.hh"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <optional>
#include <ostream>
#include <string>

namespace {

using mica::sandbox::is_writable_in_proc;
using mica::sandbox::parse_proc_path;
using mica::sandbox::ProcPath;
using What = ProcPath::What;
using Whose = ProcPath::Whose;

/// One line about what a path means.
std::string meaning(const char *path)
{
    const auto parsed = parse_proc_path(path);
    if (!parsed)
        return "elsewhere";
    if (parsed->what == What::refused)
        return "refused";
    if (parsed->whose == Whose::directory)
        return "/proc";
    if (parsed->whose == Whose::machine)
        return "machine " + parsed->rest;
    constexpr const char *callers[] = {"", "self", "thread"};
    const auto who = parsed->caller == ProcPath::Caller::no ? std::to_string(parsed->pid)
                                                            : callers[static_cast<int>(parsed->caller)];
    constexpr const char *whats[] = {"file", "exe", "cwd", "root", "fd", "refused"};
    return who + " " + whats[static_cast<int>(parsed->what)] + " " + parsed->rest +
           (parsed->is_alias ? " alias" : "");
}

struct Case {
    const char *path, *meaning;
};
std::ostream &operator<<(std::ostream &out, const Case &one)
{
    return out << one.path;
}

const Case cases[] = {
    {"/etc/passwd", "elsewhere"},
    {"proc/self", "elsewhere"},
    {"/process", "elsewhere"},
    {"/proc", "/proc"},
    {"/proc/", "/proc"},
    {"//proc//.", "/proc"},
    {"/proc/../etc/passwd", "elsewhere"},
    {"/etc/../proc/meminfo", "machine meminfo"},
    {"/proc/meminfo", "machine meminfo"},
    {"/proc/sys/kernel/osrelease", "machine sys/kernel/osrelease"},
    {"/proc/self", "self file  alias"},
    {"/proc/self/", "self file  alias"},
    {"/proc/self/status", "self file status"},
    {"/proc/thread-self/comm", "thread file comm"},
    {"/proc/17/stat", "17 file stat"},
    {"/proc/017x/stat", "machine 017x/stat"},
    {"/proc/17/task/18/stat", "17 file task/18/stat"},
    {"/proc/mounts", "self file mounts alias"},
    {"/proc/net/tcp", "self file net/tcp"},
    {"/proc/self/exe", "self exe exe"},
    {"/proc/17/task/18/exe", "17 exe task/18/exe"},
    {"/proc/self/cwd", "self cwd cwd"},
    {"/proc/self/root", "self root root"},
    {"/proc/self/fd", "self file fd"},
    {"/proc/self/fd/63", "self fd fd/63"},
    {"/dev/fd/63", "self fd fd/63"},
    {"/dev/stdout", "self fd fd/1 alias"},
    {"/dev/null", "elsewhere"},
    // through what leads anywhere
    {"/proc/self/root/etc/shadow", "refused"},
    {"/proc/1/root/etc/shadow", "refused"},
    {"/proc/self/cwd/../../x", "refused"},
    {"/proc/self/cwd/../status", "refused"},
    {"/proc/self/fd/5/../../../1/environ", "refused"},
    {"/proc/self/task/9/root/x", "refused"},
    {"/proc/self/map_files/1-2", "refused"},
    {"/proc/self/ns/mnt", "refused"},
    // what tells of the machine
    {"/proc/kcore", "refused"},
    {"/proc/keys", "refused"},
    {"/proc/sysrq-trigger", "refused"},
};

BOOST_AUTO_TEST_SUITE(sandbox_chroot_proc_path)

BOOST_DATA_TEST_CASE(a_path_means, cases, one)
{
    BOOST_TEST(meaning(one.path) == one.meaning);
}

BOOST_AUTO_TEST_CASE(little_can_be_written)
{
    for (const char *path : {"/proc/self/comm", "/proc/self/oom_score_adj", "/proc/5/task/6/comm"})
        BOOST_TEST(is_writable_in_proc(*parse_proc_path(path)));
    for (const char *path : {"/proc/sys/kernel/core_pattern", "/proc/self/environ", "/proc/self/uid_map",
                             "/proc/comm", "/proc/self/attr/comm"})
        BOOST_TEST(!is_writable_in_proc(*parse_proc_path(path)));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
