#include "base/event.hh"

#include <boost/test/unit_test.hpp>
#include <vector>

using namespace mica;

namespace {

class Recorder final : public EventBus {
public:
    void publish(EventBody body) noexcept override { bodies.push_back(std::move(body)); }
    template <class Body> [[nodiscard]] const Body &at(std::size_t index) const
    {
        return std::get<Body>(bodies.at(index));
    }
    std::vector<EventBody> bodies;
};

} // namespace

BOOST_AUTO_TEST_SUITE(events)

BOOST_AUTO_TEST_CASE(a_task_is_its_scope)
{
    Recorder bus;
    {
        Task task{bus, TaskId{5}, TaskKind::run, "make", {"Dockerfile", 2, 2, 0, 0}};
        task.progress(1, 2);
        task.output("hello", true);
    }
    BOOST_TEST(bus.bodies.size() == 4U);
    const auto &started = bus.at<mica::event::TaskStarted>(0);
    BOOST_TEST(started.name == "make");
    BOOST_TEST(started.parent.value == 5U);
    BOOST_TEST(started.where.first_line == 2U);
    BOOST_TEST(bus.at<mica::event::TaskProgress>(1).total == 2U);
    BOOST_TEST(bus.at<mica::event::TaskOutput>(2).is_stderr);
    BOOST_TEST((bus.at<mica::event::TaskFinished>(3).result == TaskResult::done));
    BOOST_TEST((bus.at<mica::event::TaskFinished>(3).id == started.id));
}

BOOST_AUTO_TEST_CASE(a_task_that_is_left_by_an_exception_failed)
{
    Recorder bus;
    try {
        const Task task{bus, {}, TaskKind::run, "make"};
        throw std::runtime_error{"x"};
    } catch (const std::runtime_error &) {
        BOOST_TEST((bus.at<mica::event::TaskFinished>(1).result == TaskResult::failed));
    }
}

BOOST_AUTO_TEST_CASE(a_task_begun_while_unwinding_can_succeed)
{
    Recorder bus;
    struct Cleaner {
        ~Cleaner() { const Task task{bus, {}, TaskKind::run, "clean up"}; }
        Recorder &bus;
    };
    try {
        const Cleaner cleaner{bus};
        throw std::runtime_error{"x"};
    } catch (const std::runtime_error &) {
        BOOST_TEST((bus.at<mica::event::TaskFinished>(1).result == TaskResult::done));
    }
}

BOOST_AUTO_TEST_CASE(a_task_ends_once)
{
    Recorder bus;
    {
        Task task{bus, {}, TaskKind::run, "make"};
        task.finish(TaskResult::cached, "from before");
        task.finish(TaskResult::failed);
    }
    BOOST_TEST(bus.bodies.size() == 2U);
    BOOST_TEST((bus.at<mica::event::TaskFinished>(1).result == TaskResult::cached));
    BOOST_TEST(bus.at<mica::event::TaskFinished>(1).detail == "from before");
}

BOOST_AUTO_TEST_CASE(ids_differ)
{
    Recorder bus;
    const Task one{bus, {}, TaskKind::run, "a"};
    const Task two{bus, {}, TaskKind::run, "b"};
    BOOST_TEST((one.id() != two.id()));
    BOOST_TEST((one.id() != TaskId{}));
}

BOOST_AUTO_TEST_SUITE_END()
