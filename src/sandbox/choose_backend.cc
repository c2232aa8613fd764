#include "sandbox/overlay_backend.hh"
#include "sandbox/sandbox.hh"

#include "base/error.hh"
#include <fmt/format.h>
#include <functional>
#include <string>
#include <unistd.h>
#include <vector>

namespace mica::sandbox {
namespace {

/// One way to isolate, as choose_backend() tries it.
struct Candidate {
    std::string name;
    std::function<std::unique_ptr<Backend>()> make; ///< throws Error when it does not work here
};

std::unique_ptr<Backend> make_ns(const Options &options)
{
    if (::geteuid() != 0)
        throw Error{ErrorKind::unsupported, "needs root"};
    OverlayBackendOptions wanted{options.state, std::nullopt};
    probe_overlay(wanted);
    return overlay_backend(std::move(wanted));
}

std::unique_ptr<Backend> make_userns(const Options &options)
{
    OverlayBackendOptions wanted{options.state, available_maps()};
    probe_overlay(wanted);
    return overlay_backend(std::move(wanted));
}

/// Strongest first.
std::vector<Candidate> candidates(const Options &options)
{
    return {{"ns", [&] { return make_ns(options); }}, {"userns", [&] { return make_userns(options); }}};
}

void note(EventBus &bus, std::string text)
{
    bus.publish(event::Note{event::Note::Level::debug, std::move(text), {}});
}

std::string explain(const Error &error)
{
    auto text = error.message();
    for (const auto &frame : error.context())
        text = frame + ": " + text;
    return text;
}

std::vector<Candidate> wanted(const Options &options)
{
    auto all = candidates(options);
    if (options.isolation == "auto")
        return all;
    std::string names = "auto";
    for (auto &candidate : all) {
        if (candidate.name == options.isolation)
            return {std::move(candidate)};
        names += ", " + candidate.name;
    }
    throw Error{ErrorKind::usage,
                fmt::format("unknown isolation '{}'; there are: {}", options.isolation, names)};
}

} // namespace

std::unique_ptr<Backend> choose_backend(const Options &options, EventBus &bus)
{
    std::string refusals;
    std::optional<std::string> hint;
    for (const auto &candidate : wanted(options)) {
        try {
            auto backend = candidate.make();
            note(bus, fmt::format("commands run with isolation '{}'", candidate.name));
            return backend;
        } catch (const Error &error) {
            note(bus, fmt::format("isolation '{}' is not possible here: {}", candidate.name, explain(error)));
            refusals += fmt::format("{}{}: {}", refusals.empty() ? "" : "; ", candidate.name, explain(error));
            hint = error.hint() ? error.hint() : hint;
        }
    }
    Error error{ErrorKind::unsupported,
                fmt::format("commands cannot be isolated on this machine ({})", refusals)};
    if (hint)
        error.set_hint(*hint);
    throw error;
}

} // namespace mica::sandbox
