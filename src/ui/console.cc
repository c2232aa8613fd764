#include "ui/console.hh"

#include "base/event.hh"
#include <cerrno>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string_view>
#include <sys/ioctl.h>
#include <thread>
#include <unistd.h>
#include <unordered_map>

namespace mica::ui {

namespace {

// Output beyond this waits for its reader.
constexpr std::size_t most_waiting_output = std::size_t{8} << 20;

std::size_t output_size(const EventBody &body)
{
    const auto *output = std::get_if<event::TaskOutput>(&body);
    return output == nullptr ? 0 : output->bytes.size();
}

/// False once the reader is gone.
bool write_text(int fd, std::string_view text)
{
    while (!text.empty()) {
        const auto written = ::write(fd, text.data(), text.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

/// Events on their way to the console's thread. Progress of a task that waits is
/// overwritten in place, so progress can never fill the queue.
class EventQueue {
public:
    void push(Event event, const std::stop_token &stop)
    {
        std::unique_lock lock{mutex_};
        const auto size = output_size(event.body);
        if (size > 0)
            changed_.wait(lock, stop, [&] { return waiting_output_ < most_waiting_output; });
        if (auto *progress = std::get_if<event::TaskProgress>(&event.body); progress != nullptr) {
            const auto [place, is_new] =
                waiting_progress_.try_emplace(progress->id.value, first_ + events_.size());
            if (!is_new) {
                events_.at(place->second - first_) = std::move(event);
                return;
            }
        }
        waiting_output_ += size;
        events_.push_back(std::move(event));
        changed_.notify_all();
    }

    /// Everything that waits, at the latest after `patience` (zero: however long it
    /// takes); nullopt: closed and drained.
    std::optional<std::deque<Event>> take(std::chrono::milliseconds patience)
    {
        std::unique_lock lock{mutex_};
        const auto ready = [&] { return closed_ || !events_.empty(); };
        if (patience.count() > 0)
            changed_.wait_for(lock, patience, ready);
        else
            changed_.wait(lock, ready);
        if (closed_ && events_.empty())
            return std::nullopt;
        first_ += events_.size();
        waiting_progress_.clear();
        waiting_output_ = 0;
        changed_.notify_all();
        return std::exchange(events_, {});
    }

    void close()
    {
        const std::scoped_lock lock{mutex_};
        closed_ = true;
        changed_.notify_all();
    }

private:
    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::deque<Event> events_;
    std::unordered_map<std::uint64_t, std::size_t>
        waiting_progress_;  ///< task to place, counted from the start
    std::size_t first_ = 0; ///< place of events_.front()
    std::size_t waiting_output_ = 0;
    bool closed_ = false;
};

class Console final : public EventBus {
public:
    Console(std::unique_ptr<Renderer> renderer, int fd, std::stop_token stop)
        : renderer_{std::move(renderer)}, fd_{fd}, is_terminal_{::isatty(fd) == 1}, stop_{std::move(stop)},
          thread_{[this] { work(); }}
    {
    }
    ~Console() override
    {
        queue_.close();
        thread_.join();
    }
    Console(const Console &) = delete;
    Console &operator=(const Console &) = delete;

    void publish(EventBody body) noexcept override
    {
        // A task that ends by unwinding cannot tell why; after a stop, it is the stop.
        if (auto *finished = std::get_if<event::TaskFinished>(&body);
            finished != nullptr && finished->result == TaskResult::failed && stop_.stop_requested())
            finished->result = TaskResult::cancelled;
        try {
            queue_.push(Event{std::chrono::system_clock::now(), std::move(body)}, stop_);
        } catch (...) { // NOLINT(bugprone-empty-catch): no memory to say so; the build goes on
        }
    }

private:
    void work()
    {
        while (auto events = queue_.take(renderer_->tick_interval())) {
            follow_window();
            for (const auto &event : *events)
                write(renderer_->render(event));
            write(renderer_->tick(std::chrono::system_clock::now()));
        }
        write(renderer_->end());
    }

    void write(const std::string &text)
    {
        if (!broken_ && !text.empty())
            broken_ = !write_text(fd_, text);
    }

    void follow_window()
    {
        if (is_terminal_ && renderer_->tick_interval().count() > 0)
            renderer_->resize(window_size(fd_));
    }

    std::unique_ptr<Renderer> renderer_;
    int fd_;
    bool is_terminal_;
    bool broken_ = false;
    std::stop_token stop_;
    EventQueue queue_;
    std::thread thread_; // last: it uses all of the above
};

} // namespace

std::unique_ptr<EventBus> make_console(std::unique_ptr<Renderer> renderer, int fd, std::stop_token stop)
{
    return std::make_unique<Console>(std::move(renderer), fd, std::move(stop));
}

Terminal window_size(int fd)
{
    winsize size{};
    if (::ioctl(fd, TIOCGWINSZ, &size) != 0)
        return Terminal{.width = 0, .height = 0};
    return Terminal{.width = size.ws_col, .height = size.ws_row};
}

} // namespace mica::ui
