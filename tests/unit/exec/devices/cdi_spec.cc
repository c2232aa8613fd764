#include "exec/devices/cdi_spec.hh"

#include "support/errors.hh"
#include <boost/test/unit_test.hpp>

using namespace mica;
using namespace mica::exec;

namespace {

const std::string head = "cdiVersion: 0.6.0\nkind: vendor.com/net\n";

cdi::Spec parse(const std::string &rest)
{
    return cdi::parse_spec(head + rest, cdi::Form::yaml);
}

cdi::Edits edits(const std::string &fields)
{
    return parse("devices: [{name: a, containerEdits: {" + fields + "}}]").devices.at(0).edits;
}

std::string complaint(const std::string &fields)
{
    return test::error_of([&] { (void)edits(fields); }).message();
}

} // namespace

BOOST_AUTO_TEST_SUITE(cdi_spec)

BOOST_AUTO_TEST_CASE(a_file_has_a_kind_edits_and_devices)
{
    const auto spec =
        parse("annotations: {x: y}\ncontainerEdits: {env: [A=1]}\ndevices: [{name: '0'}, {name: all}]");
    BOOST_TEST(spec.kind == "vendor.com/net");
    BOOST_TEST(spec.annotations.at("x") == "y");
    BOOST_TEST(spec.edits.environment.at(0) == "A=1");
    BOOST_TEST(spec.devices.at(1).name == "all");
}

BOOST_AUTO_TEST_CASE(json_is_read_as_well)
{
    const auto spec = cdi::parse_spec(R"({"cdiVersion":"1.0.0","kind":"v.com/c","devices":[{"name":"a"}]})",
                                      cdi::Form::json);
    BOOST_TEST(spec.devices.at(0).name == "a");
}

BOOST_AUTO_TEST_CASE(a_name_that_looks_like_a_number_is_a_name)
{
    BOOST_TEST(parse("devices: [{name: 0}]").devices.at(0).name == "0");
}

BOOST_AUTO_TEST_CASE(a_device_node_is_on_the_host_where_it_is_in_the_container)
{
    const auto node = edits("deviceNodes: [{path: /dev/x, fileMode: 0660, permissions: rw}]").nodes.at(0);
    BOOST_TEST(node.host_path == "/dev/x");
    BOOST_TEST(node.file_mode.value() == 0660);
    BOOST_TEST(!node.uid.has_value());
}

BOOST_AUTO_TEST_CASE(a_mount_has_options)
{
    const auto mount =
        edits("mounts: [{hostPath: /usr/lib/x, containerPath: /lib/x, options: [ro, nosuid]}]").mounts.at(0);
    BOOST_TEST(mount.container_path == "/lib/x");
    BOOST_TEST(mount.options.at(1) == "nosuid");
}

BOOST_AUTO_TEST_CASE(what_mica_cannot_do_is_told_of)
{
    const auto beyond =
        edits("hooks: [{hookName: createContainer, path: /usr/bin/h, args: [h]}], intelRdt: {closID: x}")
            .beyond;
    BOOST_TEST(beyond.at(0) == "the createContainer hook /usr/bin/h");
    BOOST_TEST(beyond.size() == 2U);
}

BOOST_AUTO_TEST_CASE(group_zero_is_no_group_to_add)
{
    BOOST_TEST((edits("additionalGids: [0, 44]").groups == std::vector<std::uint32_t>{44}));
}

BOOST_AUTO_TEST_CASE(unknown_fields_are_refused_with_their_place)
{
    BOOST_TEST(complaint("deviceNodes: [{path: /dev/x, colour: red}]")
                   .starts_with("the file.devices[0].containerEdits.deviceNodes[0].colour "));
}

BOOST_AUTO_TEST_CASE(wrong_types_are_refused)
{
    BOOST_TEST(test::contains(complaint("env: {A: b}"), "containerEdits.env is not an array"));
    BOOST_TEST(
        test::contains(complaint("deviceNodes: [{path: /dev/x, major: one}]"), "major is not an integer"));
    BOOST_TEST(test::contains(complaint("deviceNodes: [{path: dev/x}]"), "not an absolute path"));
    BOOST_TEST(test::contains(complaint("env: [A]"), "NAME=VALUE"));
}

BOOST_AUTO_TEST_CASE(a_version_a_kind_and_a_device_must_be_there)
{
    for (const char *text :
         {"kind: v.com/c\ndevices: [{name: a}]", "cdiVersion: 0.6.0\ndevices: [{name: a}]",
          "cdiVersion: 0.6.0\nkind: v.com/c", "cdiVersion: 9.0\nkind: v.com/c\ndevices: [{name: a}]", "- a"})
        BOOST_CHECK_THROW((void)cdi::parse_spec(text, cdi::Form::yaml), Error);
}

BOOST_AUTO_TEST_CASE(kinds_have_a_vendor_and_a_class)
{
    for (const char *good : {"vendor.com/net", "a/b", "v-1.com/c_2"})
        BOOST_TEST(cdi::is_kind(good));
    for (const char *bad :
         {"", "vendor.com", "/net", "vendor.com/", "vendor.com/1net", "v.com/a/b", "v.com/a b"})
        BOOST_TEST(!cdi::is_kind(bad));
}

BOOST_AUTO_TEST_SUITE_END()
