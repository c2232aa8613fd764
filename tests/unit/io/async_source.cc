#include "io/async_source.hh"

#include "base/error.hh"
#include "base/stop.hh"
#include "sample_data.hh"
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <condition_variable>
#include <mutex>

namespace mica::test {

namespace {

/// Gives some bytes, then fails.
class BrokenSource final : public Source {
public:
    std::size_t read(std::span<std::byte> into) override
    {
        if (given_ >= 1 << 20)
            throw Error{ErrorKind::integrity, "broken"};
        given_ += into.size();
        return into.size();
    }

private:
    std::size_t given_ = 0;
};

/// Ends when it is let go.
class SlowSource final : public Source {
public:
    std::size_t read(std::span<std::byte>) override
    {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [&] { return open_; });
        return 0;
    }
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
};

/// Counts what is read of it, without end.
class EndlessSource final : public Source {
public:
    explicit EndlessSource(std::atomic<std::size_t> &given) : given_{given} {}
    std::size_t read(std::span<std::byte> into) override
    {
        given_ += into.size();
        return into.size();
    }

private:
    std::atomic<std::size_t> &given_;
};

std::string all_of(Source &source, std::size_t at_once)
{
    std::string out;
    std::vector<std::byte> buffer(at_once);
    while (const auto count = source.read(buffer))
        out.append(reinterpret_cast<const char *>(buffer.data()), count);
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(async_source)

BOOST_AUTO_TEST_CASE(everything_arrives_in_order)
{
    const std::string bytes = noise(5000001);
    for (const std::size_t at_once : {1U << 20U, 7777U}) {
        AsyncSource source{std::make_unique<StringSource>(bytes), {}};
        BOOST_TEST((all_of(source, at_once) == bytes));
        std::byte more{};
        BOOST_TEST(source.read({&more, 1}) == 0U);
    }
}

BOOST_AUTO_TEST_CASE(nothing_is_an_end_as_well)
{
    AsyncSource source{std::make_unique<StringSource>(""), {}};
    BOOST_TEST(all_of(source, 10).empty());
}

BOOST_AUTO_TEST_CASE(a_failure_comes_out_of_read)
{
    AsyncSource source{std::make_unique<BrokenSource>(), {}};
    BOOST_CHECK_EXCEPTION(all_of(source, 1000), Error,
                          [](const Error &error) { return error.message() == "broken"; });
}

BOOST_AUTO_TEST_CASE(what_is_ahead_is_bounded)
{
    std::atomic<std::size_t> given = 0;
    {
        AsyncSource source{std::make_unique<EndlessSource>(given), {}};
        std::vector<std::byte> buffer(1 << 20);
        BOOST_TEST(read_full(source, buffer) == buffer.size());
    }
    BOOST_TEST(given <= (1U << 20U) + (3U << 20U));
}

BOOST_AUTO_TEST_CASE(a_stop_wakes_a_reader_that_waits)
{
    auto slow = std::make_unique<SlowSource>();
    auto &gate = *slow;
    std::stop_source stop;
    AsyncSource source{std::move(slow), stop.get_token()};
    std::jthread stopper{[&] { stop.request_stop(); }};
    BOOST_CHECK_THROW(all_of(source, 10), Cancelled);
    gate.let_go();
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace mica::test
