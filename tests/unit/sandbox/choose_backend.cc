#include "sandbox/sandbox.hh"

#include "support/errors.hh"
#include "support/temporary_directory.hh"
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

namespace {

using namespace mica::test;
using mica::sandbox::choose_backend;

class NoteCollector final : public mica::EventBus {
public:
    void publish(mica::EventBody body) noexcept override
    {
        if (const auto *note = std::get_if<mica::event::Note>(&body))
            notes.push_back(note->text);
    }
    std::vector<std::string> notes;
};

BOOST_AUTO_TEST_SUITE(sandbox_choose_backend)

BOOST_AUTO_TEST_CASE(an_unknown_name_is_refused_with_the_known_ones)
{
    const TemporaryDirectory state;
    NoteCollector bus;
    const auto error = error_of([&] { (void)choose_backend({"docker", state.path()}, bus); });
    BOOST_TEST(error.kind() == mica::ErrorKind::usage);
    BOOST_TEST(error.message() ==
               "unknown isolation 'docker'; there are: auto, ns, userns, chroot, translate, inplace");
}

BOOST_AUTO_TEST_CASE(a_state_directory_that_cannot_be_made_is_named)
{
    NoteCollector bus;
    const auto error = error_of([&] { (void)choose_backend({"auto", "/proc/nothing/here"}, bus); });
    BOOST_TEST(error.kind() == mica::ErrorKind::unsupported);
    BOOST_TEST(contains(error.message(), "/proc/nothing"));
}

BOOST_AUTO_TEST_CASE(the_choice_or_every_refusal_is_told)
{
    const TemporaryDirectory state;
    NoteCollector bus;
    try {
        const auto backend = choose_backend({"auto", state.path()}, bus);
        BOOST_TEST(contains(bus.notes.back(), "isolation '" + std::string{backend->name()} + "'"));
    } catch (const mica::Error &error) {
        BOOST_TEST(contains(error.message(), "ns: "));
        BOOST_TEST(contains(error.message(), "userns: "));
        BOOST_TEST(bus.notes.size() == 5U);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
