#include "ui/diagnostics.hh"
#include "ui/output_tails.hh"
#include "ui/renderers.hh"
#include "ui/source_texts.hh"
#include "ui/task_table.hh"
#include "ui/text.hh"

namespace mica::ui {

namespace {

/// Nothing but failures; of a command that fails what it wrote last, since the reason stands there.
class QuietRenderer final : public Renderer {
public:
    std::string render(const Event &event) override
    {
        at_ = event.at;
        return std::visit([this](const auto &body) { return on(body); }, event.body);
    }

private:
    template <class Other> std::string on(const Other &) { return {}; }

    std::string on(const event::SourceText &source)
    {
        sources_.add(source);
        return {};
    }

    std::string on(const event::TaskStarted &task)
    {
        tasks_.start(task, at_);
        return {};
    }

    std::string on(const event::TaskOutput &output)
    {
        if (auto *row = tasks_.find(output.id))
            tails_.add(*row, output);
        return {};
    }

    std::string on(const event::TaskFinished &finished)
    {
        auto *row = tasks_.find(finished.id);
        if (row == nullptr)
            return {};
        tails_.complete(*row);
        std::string text;
        if (row->is_heading()) {
            if (finished.result == TaskResult::failed)
                text = last_words(*row);
            tails_.erase(row->id);
        }
        tasks_.erase(finished.id);
        return text;
    }

    std::string on(const event::Failure &failure)
    {
        return format_error(failure.error, sources_.of(failure.error), false);
    }

    [[nodiscard]] std::string last_words(const TaskRow &row) const
    {
        const auto *tail = tails_.find(row.id);
        if (tail == nullptr)
            return {};
        auto text = plain_line(row.name) + ":\n";
        for (const auto &line : *tail)
            text += "    " + line + "\n";
        return text;
    }

    TaskTable tasks_;
    OutputTails tails_;
    SourceTexts sources_;
    TimePoint at_;
};

} // namespace

std::unique_ptr<Renderer> make_quiet_renderer()
{
    return std::make_unique<QuietRenderer>();
}

} // namespace mica::ui
