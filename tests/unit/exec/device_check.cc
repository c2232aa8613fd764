#include "exec/device_check.hh"

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

    void check(const std::string &flag)
    {
        plan::RunStep step;
        step.devices = {flag};
        check_devices(step, {directory.path(), "/nonexistent"}, notes);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(device_check, Machine)

BOOST_AUTO_TEST_CASE(an_optional_device_may_be_missing)
{
    check("vendor.com/x=y");
    BOOST_TEST(test::contains(notes.text, "vendor.com/x=y"));
}

BOOST_AUTO_TEST_CASE(a_required_device_must_be_there)
{
    const auto error = test::error_of([&] { check("vendor.com/x=y,required"); });
    BOOST_TEST((error.kind() == ErrorKind::not_found));
}

BOOST_AUTO_TEST_CASE(devices_that_are_there_are_not_handed_over_yet)
{
    write_file_atomically(directory / "vendor.yaml", "cdiVersion: 0.6.0\n");
    const auto error = test::error_of([&] { check("vendor.com/x=y"); });
    BOOST_TEST((error.kind() == ErrorKind::unsupported));
}

BOOST_AUTO_TEST_SUITE_END()
