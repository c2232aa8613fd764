#include "ui/trace.hh"

#include "base/error.hh"
#include "ui/names.hh"
#include <cerrno>
#include <fstream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string_view>
#include <unistd.h>

// The format: https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
// ("Trace Event Format"). A task is one complete event (ph X) in the lane of the thread that began it;
// notes are instants. Times are microseconds.

namespace mica::ui {

namespace {

using Json = nlohmann::ordered_json;
constexpr int process = 1;

double microseconds(TraceWriter::Moment moment)
{
    return static_cast<double>(moment.count()) / 1000.0;
}

std::string text_of(const Json &json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace

TraceWriter::TraceWriter(std::ostream &out) : out_{out}
{
    out_ << "[";
}

void TraceWriter::record(const EventBody &body, std::uint64_t thread, Moment at)
{
    const unsigned lane = lane_of(thread);
    if (const auto *started = std::get_if<event::TaskStarted>(&body)) {
        running_.insert_or_assign(started->id.value, Running{*started, lane, at, 0});
    } else if (const auto *progress = std::get_if<event::TaskProgress>(&body)) {
        if (const auto found = running_.find(progress->id.value); found != running_.end())
            found->second.bytes = progress->done;
    } else if (const auto *finished = std::get_if<event::TaskFinished>(&body)) {
        if (const auto found = running_.find(finished->id.value); found != running_.end()) {
            write_task(found->second, name_of(finished->result), finished->detail, at);
            running_.erase(found);
        }
    } else if (const auto *note = std::get_if<event::Note>(&body)) {
        write_line(text_of({{"name", note->text},
                            {"cat", "note"},
                            {"ph", "i"},
                            {"s", "t"},
                            {"ts", microseconds(at)},
                            {"pid", process},
                            {"tid", lane}}));
    }
}

void TraceWriter::finish(Moment at)
{
    for (const auto &[id, running] : running_)
        write_task(running, "unfinished", {}, at);
    running_.clear();
    out_ << "\n]\n";
}

/// Lanes are numbered as threads appear, and named in the viewer.
unsigned TraceWriter::lane_of(std::uint64_t thread)
{
    const auto [place, is_new] = lanes_.try_emplace(thread, static_cast<unsigned>(lanes_.size() + 1));
    if (is_new)
        write_line(text_of(
            {{"name", "thread_name"},
             {"ph", "M"},
             {"pid", process},
             {"tid", place->second},
             {"args", {{"name", place->second == 1 ? "main" : "thread " + std::to_string(place->second)}}}}));
    return place->second;
}

void TraceWriter::write_task(const Running &running, std::string_view result, const std::string &detail,
                             Moment end)
{
    const auto &task = running.task;
    Json arguments{{"id", task.id.value}, {"result", result}};
    if (task.parent.value != 0)
        arguments["parent"] = task.parent.value;
    if (!detail.empty())
        arguments["detail"] = detail;
    if (running.bytes != 0)
        arguments["bytes"] = running.bytes;
    if (task.where.first_line > 0)
        arguments["line"] = task.where.first_line;
    write_line(text_of({{"name", task.name},
                        {"cat", name_of(task.kind)},
                        {"ph", "X"},
                        {"ts", microseconds(running.since)},
                        {"dur", microseconds(end - running.since)},
                        {"pid", process},
                        {"tid", running.lane},
                        {"args", std::move(arguments)}}));
}

void TraceWriter::write_line(const std::string &json)
{
    out_ << (first_ ? "\n" : ",\n") << json;
    first_ = false;
}

namespace {

class Trace final : public EventBus {
public:
    Trace(EventBus &next, const std::string &file) : next_{next}, out_{open(file)}, writer_{out_} {}
    ~Trace() override
    {
        const std::scoped_lock lock{mutex_};
        writer_.finish(now());
    }
    Trace(const Trace &) = delete;
    Trace &operator=(const Trace &) = delete;

    void publish(EventBody body) noexcept override
    {
        try {
            const std::scoped_lock lock{mutex_};
            writer_.record(body, static_cast<std::uint64_t>(::gettid()), now());
        } catch (...) { // NOLINT(bugprone-empty-catch): the build is worth more than its timeline
        }
        next_.publish(std::move(body));
    }

private:
    static std::ofstream open(const std::string &file)
    {
        std::ofstream out{file, std::ios::trunc};
        if (!out)
            throw system_error("make the trace file " + file, errno);
        return out;
    }

    [[nodiscard]] TraceWriter::Moment now() const { return std::chrono::steady_clock::now() - start_; }

    EventBus &next_;
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
    std::mutex mutex_;
    std::ofstream out_;
    TraceWriter writer_;
};

} // namespace

std::unique_ptr<EventBus> make_trace(EventBus &next, const std::string &file)
{
    return std::make_unique<Trace>(next, file);
}

} // namespace mica::ui
