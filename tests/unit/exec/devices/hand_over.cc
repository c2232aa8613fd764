#include "exec/devices/hand_over.hh"

#include "base/error.hh"
#include "io/fd.hh"
#include "support/errors.hh"
#include "support/temporary_directory.hh"
#include <boost/test/unit_test.hpp>

using namespace mica;
using namespace mica::exec;

namespace {

class Notes final : public EventBus {
public:
    void publish(EventBody body) noexcept override
    {
        if (const auto *note = std::get_if<event::Note>(&body))
            text += note->text;
    }
    std::string text;
};

struct Machine {
    test::TemporaryDirectory directory;
    Notes notes;

    HandedDevices hand(const std::string &flag)
    {
        plan::RunStep step;
        step.devices = {flag};
        return hand_over(step, DeviceRegistry{{directory.path()}}, notes);
    }
    HandedDevices with(const std::string &edits)
    {
        write_file_atomically(directory / "v.yaml",
                              "cdiVersion: 0.6.0\nkind: v.com/c\ndevices: [{name: a, containerEdits: {" +
                                  edits + "}}]\n");
        return hand("v.com/c=a");
    }
    ErrorKind refusal(const std::string &edits)
    {
        return test::error_of([&] { (void)with(edits); }).kind();
    }
};

const sandbox::HostDirectory &host(const HandedDevices &devices)
{
    return std::get<sandbox::HostDirectory>(devices.mounts.at(0).what);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(devices_hand_over, Machine)

BOOST_AUTO_TEST_CASE(an_optional_device_may_be_missing)
{
    BOOST_TEST(hand("vendor.com/x=y").mounts.empty());
    BOOST_TEST(test::contains(notes.text, "vendor.com/x=y"));
}

BOOST_AUTO_TEST_CASE(a_required_device_must_be_there)
{
    const auto error = test::error_of([&] { (void)hand("vendor.com/x=y,required"); });
    BOOST_TEST((error.kind() == ErrorKind::not_found));
}

BOOST_AUTO_TEST_CASE(a_warning_says_which_description_is_bad)
{
    write_file_atomically(directory / "v.yaml", "[]");
    (void)hand("vendor.com/x=y");
    BOOST_TEST(test::contains(notes.text, "v.yaml"));
}

BOOST_AUTO_TEST_CASE(variables_win)
{
    const auto variables = with("env: [A=b=c]").variables;
    BOOST_TEST(variables.at(0).first == "A");
    BOOST_TEST(variables.at(0).second == "b=c");
}

BOOST_AUTO_TEST_CASE(a_device_file_is_the_machines_own)
{
    const auto devices = with("deviceNodes: [{path: /dev/nothing, hostPath: /dev/null}]");
    BOOST_TEST(devices.mounts.at(0).target == "/dev/nothing");
    BOOST_TEST(host(devices).source == "/dev/null");
    BOOST_TEST(!host(devices).read_only);
}

BOOST_AUTO_TEST_CASE(a_device_that_is_not_there_cannot_be_given)
{
    BOOST_TEST((refusal("deviceNodes: [{path: /dev/no-such}]") == ErrorKind::not_found));
}

BOOST_AUTO_TEST_CASE(a_description_that_differs_from_the_machine_is_refused)
{
    BOOST_CHECK_NO_THROW((void)with("deviceNodes: [{path: /dev/null, type: c, major: 1, minor: 3}]"));
    for (const char *wish : {"type: b", "minor: 5", "uid: 77", "fileMode: 0123", "permissions: r"})
        BOOST_TEST((refusal(std::string{"deviceNodes: [{path: /dev/null, "} + wish + "}]") ==
                    ErrorKind::unsupported));
}

BOOST_AUTO_TEST_CASE(a_mount_keeps_its_options)
{
    const auto devices = with("mounts: [{hostPath: /etc, containerPath: /x, options: [ro, nosuid, nodev, "
                              "noexec, bind, rprivate]}]");
    BOOST_TEST(host(devices).read_only);
    BOOST_TEST((host(devices).no_suid && host(devices).no_dev && host(devices).no_exec));
    BOOST_TEST(!host(devices).recursive);
}

BOOST_AUTO_TEST_CASE(an_unknown_option_is_refused)
{
    BOOST_TEST((refusal("mounts: [{hostPath: /etc, containerPath: /x, options: [rshared]}]") ==
                ErrorKind::unsupported));
}

BOOST_AUTO_TEST_CASE(hooks_are_refused)
{
    BOOST_TEST((refusal("hooks: [{hookName: prestart, path: /bin/true}]") == ErrorKind::unsupported));
}

BOOST_AUTO_TEST_CASE(groups_are_added)
{
    BOOST_TEST(with("additionalGids: [44]").groups.at(0) == 44U);
}

BOOST_AUTO_TEST_SUITE_END()
