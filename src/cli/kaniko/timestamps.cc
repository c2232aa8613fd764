#include "cli/kaniko/timestamps.hh"

#include "base/clock.hh"
#include <chrono>
#include <string>
#include <utility>

namespace mica::cli::kaniko {

namespace {

class Timestamps final : public ui::Renderer {
public:
    explicit Timestamps(std::unique_ptr<ui::Renderer> lines) : lines_{std::move(lines)} {}

    std::string render(const Event &event) override
    {
        using std::chrono::seconds;
        const auto text = lines_->render(event);
        const auto time = format_rfc3339(std::chrono::time_point_cast<seconds>(event.at)) + " ";
        std::string out;
        for (const char c : text) {
            if (std::exchange(at_start_, c == '\n'))
                out += time;
            out += c;
        }
        return out;
    }
    std::string end() override { return lines_->end(); }

private:
    std::unique_ptr<ui::Renderer> lines_;
    bool at_start_ = true;
};

} // namespace

std::unique_ptr<ui::Renderer> with_timestamps(std::unique_ptr<ui::Renderer> renderer)
{
    return std::make_unique<Timestamps>(std::move(renderer));
}

} // namespace mica::cli::kaniko
