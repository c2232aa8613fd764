#include "exec/run_mounts/run_mounts.hh"

#include <boost/test/unit_test.hpp>
#include <functional>

using namespace mica;
using namespace mica::exec;

BOOST_AUTO_TEST_SUITE(options_of_a_mount)

BOOST_AUTO_TEST_CASE(each_option_counts)
{
    const std::vector<std::function<void(plan::MountSpec &)>> changes{
        [](auto &spec) { spec.type = plan::MountType::cache; },
        [](auto &spec) { spec.target = "/other"; },
        [](auto &spec) { spec.id = "other"; },
        [](auto &spec) { spec.read_only = false; },
        [](auto &spec) { spec.sharing = plan::CacheSharing::locked; },
        [](auto &spec) { spec.size = 1; },
        [](auto &spec) { spec.mode = 0; },
        [](auto &spec) { spec.uid = 0; },
        [](auto &spec) { spec.gid = 0; },
        [](auto &spec) { spec.required = true; },
        [](auto &spec) { spec.env = "NAME"; }};
    const plan::MountSpec plain;
    for (std::size_t number = 0; number < changes.size(); ++number) {
        plan::MountSpec changed;
        changes[number](changed);
        BOOST_TEST_CONTEXT("option " << number)
        BOOST_TEST(mount_options(changed) != mount_options(plain));
    }
}

BOOST_AUTO_TEST_SUITE_END()
