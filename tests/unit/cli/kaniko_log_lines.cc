#include "cli/kaniko/log_lines.hh"

#include <boost/test/unit_test.hpp>

using namespace mica;
using namespace mica::cli::kaniko;

namespace {

/// Keeps the texts of notes.
class Notes final : public EventBus {
public:
    void publish(EventBody body) noexcept override
    {
        if (auto *note = std::get_if<event::Note>(&body))
            texts.push_back(note->text);
    }
    std::vector<std::string> texts;
};

struct Fixture {
    Notes notes;
    LogLines lines{notes, {oci::Reference::parse("localhost:5000/app:1")}, true};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(kaniko_log_lines, Fixture)

BOOST_AUTO_TEST_CASE(pushes)
{
    {
        const Task task{lines, {}, TaskKind::push, "push to localhost:5000/app"};
        const Task part{lines, task.id(), TaskKind::push, "manifest"};
        lines.publish(event::Produced{"tag", "localhost:5000/app:1", "sha256:12"});
    }
    BOOST_TEST(notes.texts == (std::vector<std::string>{"Pushing image to localhost:5000/app:1",
                                                        "Pushed localhost:5000/app@sha256:12"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_the_cache_knew)
{
    {
        Task task{lines, {}, TaskKind::step, "[0 2/3] RUN make"};
        task.finish(TaskResult::cached);
    }
    {
        const Task task{lines, {}, TaskKind::step, "[0 3/3] COPY . ."};
    }
    BOOST_TEST(notes.texts == (std::vector<std::string>{"Using caching version of cmd: RUN make",
                                                        "No cached layer found for cmd COPY . ."}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(failures)
{
    lines.failed(Error{ErrorKind::io, "no space"});
    BOOST_TEST(notes.texts.front() == "error building image: no space");
}

BOOST_AUTO_TEST_SUITE_END()
