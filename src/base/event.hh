#pragma once
/// @file
/// Everything a user can see, as values. Workers publish; renderers of ui/
/// consume. No component prints.
#include "base/error.hh"
#include <chrono>
#include <compare>
#include <cstdint>
#include <string>
#include <variant>

namespace mica {

/// Names one task of one process; zero is "no task" (the parent of a root task).
struct TaskId {
    std::uint64_t value = 0;
    auto operator<=>(const TaskId &) const = default;
};

enum class TaskKind : std::uint8_t {
    build,
    stage,
    step,
    pull,
    extract,
    run,
    snapshot,
    compress,
    push,
    cache_lookup
};
enum class TaskResult : std::uint8_t { done, cached, skipped, failed, cancelled };

namespace event {

/// The text that SourceSpans of `file` point into; published before any of them.
struct SourceText {
    std::string file;
    std::string text;
};
struct TaskStarted {
    TaskId id, parent;
    TaskKind kind{};
    std::string name; ///< what the user reads: "[build 2/5] RUN make"
    SourceSpan where;
};
struct TaskProgress {
    TaskId id;
    std::uint64_t done = 0, total = 0; ///< bytes; total 0: unknown
};
struct TaskOutput {
    TaskId id;
    bool is_stderr = false;
    std::string bytes;
};
struct TaskFinished {
    TaskId id;
    TaskResult result{};
    std::string detail; ///< one short phrase, may be empty
};
struct Note {
    enum class Level : std::uint8_t { debug, info, warning } level{};
    std::string text;
    SourceSpan where;
};
/// Something the build made: an image's digest and name, a file that was written.
struct Produced {
    std::string kind; ///< "image", "tag", "file"
    std::string name;
    std::string digest; ///< empty where there is none
};
struct Failure {
    Error error;
};

} // namespace event

using EventBody = std::variant<event::SourceText, event::TaskStarted, event::TaskProgress, event::TaskOutput,
                               event::TaskFinished, event::Note, event::Produced, event::Failure>;

struct Event {
    std::chrono::system_clock::time_point at;
    EventBody body;
};

/// Where events go. publish() may be called from any thread, never throws and
/// never blocks the build for the reader's sake.
class EventBus {
public:
    virtual ~EventBus() = default;
    virtual void publish(EventBody body) noexcept = 0;
};

/// Drops everything: for tests and libraries without a reader.
class NullBus final : public EventBus {
public:
    void publish(EventBody) noexcept override {}
};

/// Scope = task: starts on construction, ends in the destructor (failed or
/// cancelled if unwinding, else done). Used by one thread at a time.
class Task {
public:
    Task(EventBus &bus, TaskId parent, TaskKind kind, std::string name, SourceSpan where = {});
    Task(const Task &) = delete;
    Task &operator=(const Task &) = delete;
    ~Task();

    [[nodiscard]] TaskId id() const noexcept { return id_; }
    void progress(std::uint64_t done, std::uint64_t total) noexcept;
    void output(std::string bytes, bool is_stderr) noexcept;
    /// Ends the task now; later calls do nothing.
    void finish(TaskResult result, std::string detail = {}) noexcept;

private:
    EventBus &bus_;
    TaskId id_;
    int exceptions_on_entry_;
    bool finished_ = false;
};

} // namespace mica
