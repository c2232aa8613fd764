#include "ui/diagnostics.hh"
#include "ui/output_tails.hh"
#include "ui/renderers.hh"
#include "ui/screen.hh"
#include "ui/source_texts.hh"
#include "ui/style.hh"
#include "ui/task_table.hh"
#include "ui/text.hh"
#include <fmt/format.h>

namespace mica::ui {

namespace {

constexpr std::size_t lines_shown = 5; // of a running command's output
constexpr unsigned bar_width = 20;
constexpr auto redraw_interval = std::chrono::milliseconds{100};

std::string bar(std::uint64_t done, std::uint64_t total)
{
    if (total == 0)
        return {};
    const auto share = static_cast<double>(std::min(done, total)) / static_cast<double>(total);
    const auto filled = static_cast<unsigned>(share * bar_width);
    return fmt::format(" [{}{}]", std::string(filled, '#'), std::string(bar_width - filled, '.'));
}

/// What has ended is written once and scrolls up; below it a region of running
/// tasks is redrawn at most every tenth of a second.
class TtyRenderer final : public Renderer {
public:
    TtyRenderer(const Terminal &terminal, bool debug)
        : terminal_{terminal}, style_{terminal.color}, debug_{debug}
    {
    }

    std::string render(const Event &event) override
    {
        at_ = event.at;
        if (!began_)
            began_ = at_;
        std::visit([this](const auto &body) { on(body); }, event.body);
        if (finished_.empty() && at_ - drawn_ < redraw_interval)
            return {};
        return draw();
    }

    std::string tick(TimePoint now) override
    {
        if (!began_ || now - drawn_ < redraw_interval)
            return {};
        at_ = now;
        return draw();
    }

    std::chrono::milliseconds tick_interval() const override { return redraw_interval; }

    void resize(const Terminal &terminal) override
    {
        if (terminal.width > 0 && terminal.height > 0) {
            terminal_.width = terminal.width;
            terminal_.height = terminal.height;
        }
    }

    std::string end() override
    {
        // The reason of a failure stays the last thing to be read.
        const auto summary = headings_ > 0 && !failed_ ? title() + "\n" : std::string{};
        return screen_.leave() + summary;
    }

private:
    void on(const event::SourceText &source) { sources_.add(source); }

    void on(const event::TaskStarted &task)
    {
        const auto &row = tasks_.start(task, at_);
        headings_ += row.is_heading() && !TaskTable::is_group(row.kind) ? 1 : 0;
    }

    void on(const event::TaskProgress &progress)
    {
        if (auto *row = tasks_.find(progress.id); row != nullptr) {
            row->done = progress.done;
            row->total = progress.total;
        }
    }

    void on(const event::TaskOutput &output)
    {
        if (auto *row = tasks_.find(output.id); row != nullptr)
            tails_.add(*row, output);
    }

    void on(const event::TaskFinished &finished)
    {
        auto *row = tasks_.find(finished.id);
        if (row == nullptr)
            return;
        tails_.complete(*row);
        if (row->is_heading() && !TaskTable::is_group(row->kind))
            end_heading(*row, finished);
        tasks_.erase(finished.id);
    }

    void on(const event::Note &note)
    {
        if (note.level == event::Note::Level::debug && !debug_)
            return;
        const auto text = printable(note.text) + printable(place_suffix(note.where)) + "\n";
        if (note.level == event::Note::Level::info)
            finished_ += text;
        else if (note.level == event::Note::Level::warning)
            finished_ += style_.yellow("warning:") + " " + text;
        else
            finished_ += style_.dim("debug:") + " " + text;
    }

    void on(const event::Produced &produced)
    {
        finished_ += fmt::format(" => {} {}{}{}\n", produced.kind, printable(produced.digest),
                                 produced.digest.empty() || produced.name.empty() ? "" : " ",
                                 printable(produced.name));
    }

    void on(const event::Failure &failure)
    {
        failed_ = true;
        finished_ += format_error(failure.error, sources_.of(failure.error), terminal_.color);
    }

    void end_heading(const TaskRow &row, const event::TaskFinished &finished)
    {
        ++ended_;
        const auto detail =
            finished.detail.empty() ? std::string{} : " (" + plain_line(finished.detail) + ")";
        const auto name = plain_line(row.name) + detail;
        switch (finished.result) {
        case TaskResult::done:
            finished_ += style_.blue(row_line(" => " + name, row, false)) + "\n";
            break;
        case TaskResult::cached:
            ++cached_;
            finished_ += style_.blue(row_line(" => CACHED " + name, row, false)) + "\n";
            break;
        case TaskResult::skipped:
            finished_ += style_.dim(row_line(" => SKIPPED " + name, row, false)) + "\n";
            break;
        case TaskResult::cancelled:
            finished_ += style_.yellow(row_line(" => CANCELED " + name, row, false)) + "\n";
            break;
        case TaskResult::failed:
            finished_ += style_.red(row_line(" => ERROR " + name, row, false)) + "\n";
            if (const auto *tail = tails_.find(row.id); tail != nullptr)
                for (const auto &line : *tail)
                    finished_ += "    " + line + "\n";
            break;
        }
        tails_.erase(row.id);
    }

    std::string draw()
    {
        drawn_ = at_;
        return screen_.show(std::exchange(finished_, {}), region());
    }

    [[nodiscard]] std::string title() const
    {
        const auto counts = cached_ > 0 ? fmt::format("{}/{}, {} cached", ended_, headings_, cached_)
                                        : fmt::format("{}/{}", ended_, headings_);
        return fmt::format("[+] Building {} ({})", format_seconds(at_ - began_.value_or(at_)), counts);
    }

    /// The running part, cut to the window.
    [[nodiscard]] std::vector<std::string> region() const
    {
        std::vector<std::string> lines{title()};
        for (const auto &[id, row] : tasks_.rows()) {
            if (row.is_heading() && !TaskTable::is_group(row.kind))
                add_heading(lines, row);
        }
        const std::size_t room = terminal_.height > 1 ? terminal_.height - 1 : 1;
        if (lines.size() > room) {
            const auto hidden = lines.size() - room + 1;
            lines.resize(room - 1);
            lines.push_back(fmt::format("    ({} more lines)", hidden));
        }
        for (auto &line : lines)
            line = cut(line, terminal_.width - 1);
        return lines;
    }

    void add_heading(std::vector<std::string> &lines, const TaskRow &heading) const
    {
        lines.push_back(row_line(" => " + plain_line(heading.name), heading));
        for (const auto &[id, row] : tasks_.rows()) {
            // A run has its output to show for itself.
            if (row.heading == heading.id && !row.is_heading() && row.kind != TaskKind::run)
                lines.push_back(row_line("    " + plain_line(row.name), row));
        }
        const auto *tail = tails_.find(heading.id);
        if (tail == nullptr)
            return;
        const auto shown = std::min(lines_shown, tail->size());
        for (auto line = tail->end() - static_cast<std::ptrdiff_t>(shown); line != tail->end(); ++line)
            lines.push_back("    | " + *line);
    }

    /// Name to the left, progress and age to the right, exactly as wide as the window
    /// allows (its last column stays free: writing there wraps on some terminals).
    [[nodiscard]] std::string row_line(const std::string &name, const TaskRow &row,
                                       bool is_running = true) const
    {
        auto right = format_seconds(at_ - row.started);
        if (row.done > 0 && is_running)
            right =
                fmt::format("{}{} {}", format_progress(row.done, row.total), bar(row.done, row.total), right);
        const auto width = terminal_.width - 1;
        const auto right_width = display_width(right);
        if (right_width + 12 > width) // no room for both
            return cut(name, width);
        const auto left = cut(name, width - right_width - 1);
        return left + std::string(width - right_width - display_width(left), ' ') + right;
    }

    Terminal terminal_;
    Style style_;
    bool debug_;
    TaskTable tasks_;
    SourceTexts sources_;
    Screen screen_;
    OutputTails tails_;
    std::string finished_; ///< lines that are to stay
    unsigned headings_ = 0, ended_ = 0, cached_ = 0;
    bool failed_ = false;
    std::optional<TimePoint> began_;
    TimePoint at_, drawn_;
};

} // namespace

std::unique_ptr<Renderer> make_tty_renderer(const Terminal &terminal, bool debug)
{
    return std::make_unique<TtyRenderer>(terminal, debug);
}

} // namespace mica::ui
