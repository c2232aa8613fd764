#include "ui/console.hh"

#include <array>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <string>
#include <thread>
#include <unistd.h>

using namespace mica;
using namespace mica::ui;

namespace {

struct Pipe {
    Pipe() { BOOST_REQUIRE(::pipe(ends.data()) == 0); }
    ~Pipe()
    {
        close_read();
        close_write();
    }
    void close_read() { close(0); }
    void close_write() { close(1); }
    void close(std::size_t end)
    {
        if (ends.at(end) >= 0)
            ::close(ends.at(end));
        ends.at(end) = -1;
    }
    std::string read_all() const
    {
        std::string out;
        std::array<char, 4096> buffer{};
        while (true) {
            const auto count = ::read(ends[0], buffer.data(), buffer.size());
            if (count <= 0)
                return out;
            out.append(buffer.data(), static_cast<std::size_t>(count));
        }
    }
    std::array<int, 2> ends{-1, -1};
};

/// Writes what it gets, without a word of its own.
class Echo final : public Renderer {
public:
    std::string render(const Event &event) override
    {
        if (const auto *output = std::get_if<event::TaskOutput>(&event.body))
            return output->bytes;
        if (const auto *progress = std::get_if<event::TaskProgress>(&event.body))
            return "<" + std::to_string(progress->done) + ">";
        if (std::holds_alternative<event::TaskFinished>(event.body))
            return "finished";
        return {};
    }
    std::string end() override { return "!"; }
};

} // namespace

BOOST_AUTO_TEST_SUITE(console)

BOOST_AUTO_TEST_CASE(the_destructor_drains_and_ends)
{
    Pipe pipe;
    {
        const auto bus = make_console(std::make_unique<Echo>(), pipe.ends[1]);
        for (int i = 0; i < 1000; ++i)
            bus->publish(event::TaskOutput{TaskId{1}, false, "x"});
        bus->publish(event::TaskFinished{TaskId{1}, TaskResult::done, {}});
    }
    pipe.close_write();
    BOOST_TEST(pipe.read_all() == std::string(1000, 'x') + "finished!");
}

BOOST_AUTO_TEST_CASE(the_last_progress_is_never_lost)
{
    Pipe pipe;
    {
        const auto bus = make_console(std::make_unique<Echo>(), pipe.ends[1]);
        for (std::uint64_t i = 1; i <= 10'000; ++i)
            bus->publish(event::TaskProgress{TaskId{1}, i, 10'000});
    }
    pipe.close_write();
    BOOST_TEST(pipe.read_all().ends_with("<10000>!"));
}

BOOST_AUTO_TEST_CASE(a_reader_that_is_gone_stops_nobody)
{
    ::signal(SIGPIPE, SIG_IGN);
    Pipe pipe;
    pipe.close_read();
    const auto bus = make_console(std::make_unique<Echo>(), pipe.ends[1]);
    for (int i = 0; i < 40; ++i)
        bus->publish(event::TaskOutput{TaskId{1}, false, std::string(std::size_t{1} << 20, 'x')});
    BOOST_TEST(true); // got here
}

BOOST_AUTO_TEST_CASE(output_waits_for_a_slow_reader_but_not_after_a_stop)
{
    Pipe pipe;
    std::stop_source stop;
    std::atomic<int> published = 0;
    std::thread reader;
    {
        const auto bus = make_console(std::make_unique<Echo>(), pipe.ends[1], stop.get_token());
        std::thread publisher{[&] {
            for (int i = 0; i < 40; ++i, ++published)
                bus->publish(event::TaskOutput{TaskId{1}, false, std::string(std::size_t{1} << 20, 'x')});
        }};
        std::this_thread::sleep_for(std::chrono::milliseconds{100});
        BOOST_TEST(published < 40); // nobody reads: it waits
        stop.request_stop();
        publisher.join();
        BOOST_TEST(published == 40);
        reader = std::thread{[&] { BOOST_TEST(pipe.read_all().size() == (std::size_t{40} << 20) + 1); }};
    }
    pipe.close_write();
    reader.join();
}

BOOST_AUTO_TEST_CASE(what_fails_after_a_stop_was_cancelled)
{
    class Results final : public Renderer {
    public:
        std::string render(const Event &event) override
        {
            const auto *finished = std::get_if<event::TaskFinished>(&event.body);
            return finished == nullptr                         ? ""
                   : finished->result == TaskResult::cancelled ? "cancelled "
                                                               : "other ";
        }
    };
    Pipe pipe;
    std::stop_source stop;
    {
        const auto bus = make_console(std::make_unique<Results>(), pipe.ends[1], stop.get_token());
        bus->publish(event::TaskFinished{TaskId{1}, TaskResult::failed, {}});
        stop.request_stop();
        bus->publish(event::TaskFinished{TaskId{2}, TaskResult::failed, {}});
        bus->publish(event::TaskFinished{TaskId{3}, TaskResult::done, {}});
    }
    pipe.close_write();
    BOOST_TEST(pipe.read_all() == "other cancelled other ");
}

BOOST_AUTO_TEST_SUITE_END()
