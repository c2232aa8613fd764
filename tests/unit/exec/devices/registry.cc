#include "exec/devices/registry.hh"

#include "base/error.hh"
#include "io/fd.hh"
#include "support/errors.hh"
#include "support/temporary_directory.hh"
#include <boost/test/unit_test.hpp>

using namespace mica;
using namespace mica::exec;

namespace {

/// Two directories of a machine, the second before the first.
struct Machine {
    test::TemporaryDirectory directory;

    Machine()
    {
        std::filesystem::create_directory(directory / "etc");
        std::filesystem::create_directory(directory / "run");
    }
    void write(const std::string &file, const std::string &devices, const std::string &kind = "v.com/c") const
    {
        write_file_atomically(directory / file,
                              "cdiVersion: 0.6.0\nkind: " + kind + "\ndevices: [" + devices + "]\n");
    }
    [[nodiscard]] DeviceRegistry registry() const
    {
        return DeviceRegistry{{directory / "etc", directory / "run", directory / "none"}};
    }
    [[nodiscard]] std::string names(const std::string &wanted) const
    {
        const auto known = registry();
        std::string names;
        for (const auto *device : known.find(wanted))
            names += device->name + ' ';
        return names;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(device_registry, Machine)

BOOST_AUTO_TEST_CASE(a_device_is_found_by_its_name)
{
    write("etc/a.yaml", "{name: one}, {name: two}");
    BOOST_TEST(names("v.com/c=two") == "v.com/c=two ");
    BOOST_TEST(names("v.com/c=three") == "");
    BOOST_TEST(names("v.com/d=two") == "");
}

BOOST_AUTO_TEST_CASE(a_kind_is_its_first_device)
{
    write("etc/a.yaml", "{name: two}, {name: one}");
    BOOST_TEST(names("v.com/c") == "v.com/c=one ");
}

BOOST_AUTO_TEST_CASE(a_star_is_all_of_a_kind)
{
    write("etc/a.yaml", "{name: one}, {name: two}");
    write("etc/b.yaml", "{name: three}", "v.com/cc");
    BOOST_TEST(names("v.com/c=*") == "v.com/c=one v.com/c=two ");
}

BOOST_AUTO_TEST_CASE(a_class_is_found_by_its_annotation)
{
    write("etc/a.yaml",
          "{name: one, annotations: {org.mobyproject.buildkit.device.class: fast}}, {name: two}");
    BOOST_TEST(names("v.com/c=fast") == "v.com/c=one ");
}

BOOST_AUTO_TEST_CASE(a_later_directory_wins)
{
    write("etc/a.yaml", "{name: one, annotations: {from: etc}}");
    write("run/a.yml", "{name: one, annotations: {from: run}}");
    const auto known = registry();
    BOOST_TEST(known.find("v.com/c=one").at(0)->annotations.at("from") == "run");
}

BOOST_AUTO_TEST_CASE(two_files_of_a_directory_cannot_have_the_same_device)
{
    write("etc/a.yaml", "{name: one}");
    write("etc/b.yaml", "{name: one}");
    BOOST_TEST(names("v.com/c=one") == "");
    BOOST_TEST(test::contains(registry().complaints().at(0), "b.yaml"));
}

BOOST_AUTO_TEST_CASE(a_bad_file_hides_no_good_one)
{
    write_file_atomically(directory / "etc/bad.json", "{");
    write("etc/good.yaml", "{name: one}");
    BOOST_TEST(names("v.com/c=one") == "v.com/c=one ");
    BOOST_TEST(test::contains(registry().complaints().at(0), "bad.json: the file is not JSON"));
}

BOOST_AUTO_TEST_CASE(what_is_no_name_of_a_device_is_refused)
{
    BOOST_CHECK_THROW((void)names("gpu"), Error);
}

BOOST_AUTO_TEST_CASE(a_device_can_be_free_for_all)
{
    write("etc/a.yaml",
          "{name: one, annotations: {org.mobyproject.buildkit.device.autoallow: true}}, {name: two}");
    const auto known = registry();
    BOOST_TEST(is_free_for_all(*known.find("v.com/c=one").at(0)));
    BOOST_TEST(!is_free_for_all(*known.find("v.com/c=two").at(0)));
}

BOOST_AUTO_TEST_SUITE_END()
