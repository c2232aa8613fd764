#include "io/async_sink.hh"

#include "base/error.hh"
#include "sample_data.hh"
#include <boost/test/unit_test.hpp>
#include <condition_variable>
#include <mutex>

namespace mica::test {

namespace {

class FullSink final : public Sink {
public:
    void write(BytesView) override { throw Error{ErrorKind::io, "full"}; }
    void finish() override {}
};

/// Takes nothing until it is let go.
class SlowSink final : public Sink {
public:
    void write(BytesView data) override
    {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [&] { return open_; });
        size_ += data.size();
    }
    void finish() override {}
    void let_go()
    {
        const std::scoped_lock lock{mutex_};
        open_ = true;
        changed_.notify_all();
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool open_ = false;
    std::size_t size_ = 0;
};

} // namespace

BOOST_AUTO_TEST_SUITE(async_sink)

BOOST_AUTO_TEST_CASE(everything_arrives_in_order)
{
    const std::string bytes = noise(3000001);
    StringSink out;
    AsyncSink sink{out, {}};
    for (std::size_t at = 0; at < bytes.size(); at += 7777)
        sink.write(as_bytes(std::string_view{bytes}.substr(at, 7777)));
    sink.finish();
    BOOST_TEST((out.str() == bytes));
}

BOOST_AUTO_TEST_CASE(a_failure_comes_out_of_finish_at_the_latest)
{
    FullSink full;
    AsyncSink sink{full, {}};
    sink.write(as_bytes("x"));
    BOOST_CHECK_EXCEPTION(sink.finish(), Error, [](const Error &error) { return error.message() == "full"; });
}

BOOST_AUTO_TEST_CASE(a_failure_ends_the_writing)
{
    FullSink full;
    AsyncSink sink{full, {}};
    const std::string bytes = noise(1 << 20);
    const auto write_much = [&] {
        for (int i = 0; i < 100; ++i)
            sink.write(as_bytes(bytes));
    };
    BOOST_CHECK_EXCEPTION(write_much(), Error, [](const Error &error) { return error.message() == "full"; });
}

BOOST_AUTO_TEST_CASE(a_stop_wakes_a_writer_that_waits)
{
    SlowSink slow;
    std::stop_source stop;
    AsyncSink sink{slow, stop.get_token()};
    const std::string bytes = noise(1 << 20);
    std::jthread stopper{[&] {
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
        stop.request_stop();
        slow.let_go();
    }};
    const auto write_much = [&] {
        for (int i = 0; i < 100; ++i)
            sink.write(as_bytes(bytes));
    };
    BOOST_CHECK_THROW(write_much(), Cancelled);
}

BOOST_AUTO_TEST_CASE(an_abandoned_sink_does_not_finish_the_next)
{
    struct : Sink {
        void write(BytesView) override {}
        void finish() override { finished = true; }
        bool finished = false;
    } next;
    {
        AsyncSink sink{next, {}};
        sink.write(as_bytes("x"));
    }
    BOOST_TEST(!next.finished);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace mica::test
