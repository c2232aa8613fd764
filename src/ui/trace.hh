#pragma once
/// @file
/// A build's tasks as a timeline, in the trace event format that Chrome's and Perfetto's viewers read.
#include "base/event.hh"
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <ostream>
#include <string>

namespace mica::ui {

/// Writes the timeline to a stream, event by event. The same calls give the same bytes. One thread.
class TraceWriter {
public:
    using Moment = std::chrono::nanoseconds; ///< since the start of the trace

    explicit TraceWriter(std::ostream &out);
    /// `thread`: any number that tells the publishing threads apart.
    void record(const EventBody &body, std::uint64_t thread, Moment at);
    /// Tasks that have not ended are written as unfinished. Once.
    void finish(Moment at);

private:
    struct Running {
        event::TaskStarted task;
        unsigned lane;
        Moment since;
        std::uint64_t bytes = 0;
    };

    unsigned lane_of(std::uint64_t thread);
    void write_task(const Running &running, std::string_view result, const std::string &detail, Moment end);
    void write_line(const std::string &json);

    std::ostream &out_;
    bool first_ = true;
    std::map<std::uint64_t, unsigned> lanes_;
    std::map<std::uint64_t, Running> running_;
};

/// A bus that passes everything on to `next`, and writes the timeline to the file as it comes; the
/// destructor ends it. Throws Error (io) if the file cannot be made.
[[nodiscard]] std::unique_ptr<EventBus> make_trace(EventBus &next, const std::string &file);

} // namespace mica::ui
