#include "ui/diagnostics.hh"
#include "ui/names.hh"
#include "ui/renderers.hh"
#include "ui/source_texts.hh"
#include "ui/task_table.hh"
#include "ui/text.hh"
#include <fmt/format.h>
#include <map>
#include <optional>

namespace mica::ui {

namespace {

// A log is read later: one line of progress in this time says enough.
constexpr auto progress_interval = std::chrono::seconds{5};

/// One visitor method an event. A heading is announced as "#3 NAME" and again
/// whenever the lines before it belonged to another.
class PlainRenderer final : public Renderer {
public:
    explicit PlainRenderer(bool debug) : debug_{debug} {}

    std::string render(const Event &event) override
    {
        out_.clear();
        at_ = event.at;
        std::visit([this](const auto &body) { on(body); }, event.body);
        return std::move(out_);
    }

private:
    void on(const event::SourceText &source) { sources_.add(source); }

    void on(const event::TaskStarted &task)
    {
        const auto &row = tasks_.start(task, at_);
        if (row.is_heading() && !TaskTable::is_group(row.kind)) {
            names_[row.number] = printable(row.name);
            focus(row);
        }
    }

    void on(const event::TaskProgress &progress)
    {
        auto *row = tasks_.find(progress.id);
        if (row == nullptr)
            return;
        row->done = progress.done;
        row->total = progress.total;
        auto &next = next_progress_.try_emplace(row->id, row->started + progress_interval).first->second;
        if (at_ < next)
            return;
        next = at_ + progress_interval;
        line(*row, fmt::format("{}{} {}", activity(*row), format_progress(row->done, row->total), age(*row)));
    }

    void on(const event::TaskOutput &output)
    {
        auto *row = tasks_.find(output.id);
        if (row == nullptr)
            return;
        for (const auto &text : row->output.at(output.is_stderr ? 1 : 0).feed(output.bytes))
            output_line(*row, text);
    }

    void on(const event::TaskFinished &finished)
    {
        auto *row = tasks_.find(finished.id);
        if (row == nullptr)
            return;
        for (auto &splitter : row->output) {
            if (const auto rest = splitter.take_rest(); !rest.empty())
                output_line(*row, rest);
        }
        if (!TaskTable::is_group(row->kind))
            line(*row, ending(*row, finished));
        if (row->is_heading())
            names_.erase(row->number);
        next_progress_.erase(row->id);
        tasks_.erase(row->id);
    }

    void on(const event::Note &note)
    {
        if (note.level == event::Note::Level::debug && !debug_)
            return;
        separate();
        if (note.level != event::Note::Level::info)
            out_ += fmt::format("{}: ", name_of(note.level));
        out_ += fmt::format("{}{}\n", printable(note.text), printable(place_suffix(note.where)));
    }

    void on(const event::Produced &produced)
    {
        separate();
        out_ += fmt::format("{} {}{}{}\n", produced.kind, printable(produced.digest),
                            produced.digest.empty() || produced.name.empty() ? "" : " ",
                            printable(produced.name));
    }

    void on(const event::Failure &failure)
    {
        separate();
        out_ += format_error(failure.error, sources_.of(failure.error), false);
    }

    [[nodiscard]] std::string age(const TaskRow &row) const { return format_seconds(at_ - row.started); }

    [[nodiscard]] static std::string activity(const TaskRow &row)
    {
        return row.is_heading() ? std::string{} : printable(row.name) + " ";
    }

    [[nodiscard]] std::string ending(const TaskRow &row, const event::TaskFinished &finished) const
    {
        const auto detail = finished.detail.empty() ? std::string{} : ": " + printable(finished.detail);
        if (!row.is_heading()) {
            const auto amount = row.done > 0 ? format_size(row.done) + " " : std::string{};
            return fmt::format("{}{}{} {}{}", activity(row), amount, age(row), name_of(finished.result),
                               detail);
        }
        switch (finished.result) {
        case TaskResult::done:
            return fmt::format("DONE {}{}", age(row), detail);
        case TaskResult::cached:
            return "CACHED" + detail;
        case TaskResult::skipped:
            return "SKIPPED" + detail;
        case TaskResult::failed:
            return "ERROR" + (detail.empty() ? " after " + age(row) : detail);
        case TaskResult::cancelled:
            return "CANCELED" + detail;
        }
        return {};
    }

    void output_line(const TaskRow &row, const std::string &text)
    {
        const auto *heading = tasks_.find(row.heading);
        const auto since = at_ - (heading == nullptr ? row.started : heading->started);
        line(row, fmt::format("{:.3f} {}", std::chrono::duration<double>(since).count(), text));
    }

    void line(const TaskRow &row, std::string_view text)
    {
        focus(row);
        if (row.number > 0)
            out_ += fmt::format("#{} ", row.number);
        out_ += text;
        out_ += '\n';
    }

    /// Makes the lines that follow belong to this row's heading.
    void focus(const TaskRow &row)
    {
        if (focused_ == row.number && row.number > 0)
            return;
        if (focused_)
            out_ += '\n';
        focused_ = row.number;
        if (const auto name = names_.find(row.number); name != names_.end())
            out_ += fmt::format("#{} {}\n", row.number, name->second);
    }

    /// Begins or continues a block of lines that belong to no heading.
    void separate()
    {
        if (focused_.value_or(0) != 0)
            out_ += '\n';
        focused_ = 0;
    }

    bool debug_;
    TaskTable tasks_;
    SourceTexts sources_;
    std::map<unsigned, std::string> names_; ///< of headings that run
    std::map<TaskId, TimePoint> next_progress_;
    std::optional<unsigned> focused_; ///< the heading that the last line belonged to; 0: none
    TimePoint at_;
    std::string out_;
};

} // namespace

std::unique_ptr<Renderer> make_plain_renderer(bool debug)
{
    return std::make_unique<PlainRenderer>(debug);
}

} // namespace mica::ui
