#pragma once
/// @file
/// A build as a list of events with a clock that the test owns.
#include "base/event.hh"
#include "ui/renderer.hh"
#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace mica::ui::test {

inline constexpr auto start_of_time =
    std::chrono::system_clock::time_point{std::chrono::seconds{1'700'000'000}};

/// Events after each other; at(t) sets the clock, in milliseconds from the start.
class Script {
public:
    Script &at(int milliseconds)
    {
        now_ = start_of_time + std::chrono::milliseconds{milliseconds};
        return *this;
    }
    Script &add(EventBody body)
    {
        events_.push_back(Event{now_, std::move(body)});
        return *this;
    }
    Script &started(std::uint64_t id, std::uint64_t parent, TaskKind kind, std::string name)
    {
        return add(event::TaskStarted{TaskId{id}, TaskId{parent}, kind, std::move(name), {}});
    }
    Script &output(std::uint64_t id, std::string bytes, bool is_stderr = false)
    {
        return add(event::TaskOutput{TaskId{id}, is_stderr, std::move(bytes)});
    }
    Script &progress(std::uint64_t id, std::uint64_t done, std::uint64_t total)
    {
        return add(event::TaskProgress{TaskId{id}, done, total});
    }
    Script &finished(std::uint64_t id, TaskResult result, std::string detail = {})
    {
        return add(event::TaskFinished{TaskId{id}, result, std::move(detail)});
    }

    [[nodiscard]] const std::vector<Event> &events() const { return events_; }
    [[nodiscard]] std::string rendered_by(Renderer &renderer) const
    {
        std::string out;
        for (const auto &event : events_)
            out += renderer.render(event);
        return out + renderer.end();
    }

private:
    std::chrono::system_clock::time_point now_ = start_of_time;
    std::vector<Event> events_;
};

/// A build with all that can happen: two stages side by side, a pull, a cached step,
/// output in pieces, a warning, results.
inline Script good_build()
{
    Script script;
    script.add(event::SourceText{"Dockerfile", "FROM alpine\nRUN make\n"});
    script.started(1, 0, TaskKind::build, "build").started(2, 1, TaskKind::stage, "build");
    script.add(event::Note{event::Note::Level::debug, "isolation: ns (real root)", {}});
    script.started(3, 2, TaskKind::step, "[build 1/3] FROM alpine:3.20");
    script.at(100).started(4, 3, TaskKind::pull, "sha256:aaaa").progress(4, 0, 3'400'000);
    script.at(900).progress(4, 1'200'000, 3'400'000);
    script.at(6200).progress(4, 3'000'000, 3'400'000);
    script.at(6400)
        .progress(4, 3'400'000, 3'400'000)
        .finished(4, TaskResult::done)
        .finished(3, TaskResult::done);
    script.at(6500).started(5, 2, TaskKind::step, "[build 2/3] COPY . /src").finished(5, TaskResult::cached);
    script.started(6, 2, TaskKind::step, "[build 3/3] RUN make").started(7, 6, TaskKind::run, "make");
    script.at(6750).output(7, "cc -c a.c\ncc -c ");
    script.started(8, 1, TaskKind::step, "[docs 1/1] RUN man2html");
    script.at(6900).output(8, "half a line").output(7, "b.c\n10%\r50%\r100%\n");
    script.at(7000).finished(8, TaskResult::done);
    script.add(event::Note{event::Note::Level::warning,
                           "FromAsCasing: 'as' and 'FROM' keywords' casing do not match",
                           SourceSpan{"Dockerfile", 1, 1, 0, 0}});
    script.at(7300).output(7, "a.c:3: warning: unused\n", true).finished(7, TaskResult::done);
    script.finished(6, TaskResult::done).finished(2, TaskResult::done).finished(1, TaskResult::done);
    script.add(event::Produced{"image", "docker.io/library/demo:latest", "sha256:1234"});
    return script;
}

/// A RUN that fails while another stage is running.
inline Script bad_build()
{
    Script script;
    script.add(event::SourceText{"Dockerfile", "FROM alpine\nRUN echo hello && \\\n    exit 7\nUSER app\n"});
    script.started(1, 0, TaskKind::build, "build");
    script.started(2, 1, TaskKind::step, "[1/2] FROM alpine").at(250).finished(2, TaskResult::done);
    script.started(3, 1, TaskKind::step, "[2/2] RUN echo hello &&     exit 7");
    script.started(4, 1, TaskKind::step, "[other 1/1] RUN sleep 100");
    script.at(300).output(3, "hello\n");
    script.at(400)
        .finished(3, TaskResult::failed)
        .finished(4, TaskResult::cancelled)
        .finished(1, TaskResult::failed);
    Error error{ErrorKind::command_failed,
                "the command \"/bin/sh -c echo hello && exit 7\" ended with status 7"};
    error.set_exit_status(7);
    error.add_context("RUN echo hello");
    error.set_where(SourceSpan{"Dockerfile", 2, 3, 0, 0});
    script.add(event::Failure{error});
    return script;
}

} // namespace mica::ui::test
