#include "ui/diagnostics.hh"
#include "ui/renderers.hh"
#include "ui/source_texts.hh"

namespace mica::ui {

namespace {

class QuietRenderer final : public Renderer {
public:
    std::string render(const Event &event) override
    {
        if (const auto *source = std::get_if<event::SourceText>(&event.body))
            sources_.add(*source);
        if (const auto *failure = std::get_if<event::Failure>(&event.body))
            return format_error(failure->error, sources_.of(failure->error), false);
        return {};
    }

private:
    SourceTexts sources_;
};

} // namespace

std::unique_ptr<Renderer> make_quiet_renderer()
{
    return std::make_unique<QuietRenderer>();
}

} // namespace mica::ui
