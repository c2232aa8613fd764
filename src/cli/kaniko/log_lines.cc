#include "cli/kaniko/log_lines.hh"

#include <exception>
#include <fmt/format.h>
#include <utility>
#include <variant>

namespace mica::cli::kaniko {

namespace {

/// "RUN make" out of "[build 2/5] RUN make".
std::string command_of(const std::string &step)
{
    const auto end = step.find("] ");
    return end == std::string::npos ? step : step.substr(end + 2);
}

/// "registry/repository" of a full name with a tag.
std::string repository_of(const std::string &name)
{
    return name.substr(0, name.rfind(':'));
}

} // namespace

void LogLines::publish(EventBody body) noexcept
{
    try {
        for (auto &line : before(body))
            say(std::move(line));
        auto lines = after(body);
        bus_.publish(std::move(body));
        for (auto &line : lines)
            say(std::move(line));
    } catch (const std::exception &) { // no memory for a remark
        bus_.publish(event::Note{event::Note::Level::debug, {}, {}});
    }
}

void LogLines::failed(const Error &error, std::string_view what) noexcept
{
    try {
        say(fmt::format("{}: {}", what, error.message()));
    } catch (const std::exception &) {
        say("error");
    }
}

std::vector<std::string> LogLines::before(const EventBody &body)
{
    const auto *started = std::get_if<event::TaskStarted>(&body);
    if (started == nullptr)
        return {};
    const std::scoped_lock lock{mutex_};
    if (started->kind == TaskKind::step)
        steps_[started->id] = started->name;
    std::vector<std::string> lines;
    if (started->kind == TaskKind::push && !std::exchange(pushing_, true))
        for (const auto &name : destinations_)
            lines.push_back("Pushing image to " + name.str());
    return lines;
}

std::vector<std::string> LogLines::after(const EventBody &body)
{
    if (const auto *produced = std::get_if<event::Produced>(&body); produced && produced->kind == "tag")
        return {fmt::format("Pushed {}@{}", repository_of(produced->name), produced->digest)};
    const auto *finished = std::get_if<event::TaskFinished>(&body);
    if (finished == nullptr)
        return {};
    const std::scoped_lock lock{mutex_};
    const auto step = steps_.extract(finished->id);
    if (step.empty() || !with_cache_)
        return {};
    if (finished->result == TaskResult::cached)
        return {"Using caching version of cmd: " + command_of(step.mapped())};
    if (finished->result == TaskResult::done)
        return {"No cached layer found for cmd " + command_of(step.mapped())};
    return {};
}

void LogLines::say(std::string text) noexcept
{
    bus_.publish(event::Note{event::Note::Level::info, std::move(text), {}});
}

} // namespace mica::cli::kaniko
