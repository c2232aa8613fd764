#include "cli/state_limit.hh"

#include "base/clock.hh"
#include "base/error.hh"
#include "cache/state_prune.hh"
#include "cli/state_commands.hh"
#include "cli/state_directory.hh"
#include <fmt/format.h>

namespace mica::cli {

namespace {

constexpr const char *variable = "MICA_KEEP_STORAGE";

std::optional<std::uint64_t> limit_in(const Environment &environment)
{
    const auto told = environment.get(variable);
    if (!told)
        return std::nullopt;
    return in_context([&] { return fmt::format("reading {}", variable); },
                      [&] { return std::optional{parse_storage(*told)}; });
}

void warn(EventBus &bus, std::string text)
{
    bus.publish(event::Note{event::Note::Level::warning, std::move(text), {}});
}

} // namespace

StateLimit::StateLimit(std::optional<std::uint64_t> bytes, const std::optional<std::filesystem::path> &state,
                       const Environment &environment)
    : bytes_{bytes ? bytes : limit_in(environment)}, root_{StateDirectory::choose(state, environment)}
{
}

void StateLimit::keep(EventBus &bus, const std::stop_token &stop) const
try {
    if (!bytes_)
        return;
    const auto report = cache::prune({root_}, {.keep_storage = bytes_, .unused_for = {}, .mounts = true},
                                     SystemClock{}.now(), stop);
    if (report.removed > 0)
        bus.publish(event::Note{event::Note::Level::info,
                                fmt::format("removed {} items ({}) from the state directory, to keep {}",
                                            report.removed, size_text(report.freed), size_text(*bytes_)),
                                {}});
    if (report.left > *bytes_)
        warn(bus, fmt::format("the state directory {} has {}, more than {}: what other builds use and images "
                              "that were kept under a name stay",
                              root_.native(), size_text(report.left), size_text(*bytes_)));
} catch (const Error &error) {
    warn(bus, fmt::format("the state directory is not pruned: {}", error.message()));
}

} // namespace mica::cli
