#include "cli/state_commands.hh"

#include "base/clock.hh"
#include "base/error.hh"
#include "cache/state_prune.hh"
#include "cache/state_survey.hh"
#include "cli/cache_options.hh"
#include "cli/state_directory.hh"
#include "cli/values.hh"
#include "dockerfile/sizes.hh"
#include "io/fd.hh"
#include "ui/diagnostics.hh"
#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <unistd.h>

namespace mica::cli {

namespace {

OptionSpec state_option(std::optional<std::filesystem::path> &into)
{
    return {"--state", "DIR", "The state directory (default: see the environment variable MICA_STATE).",
            false, [&into](const std::string &value) { into = value; }};
}

OptionSpec switch_option(std::string names, std::string help, bool &into)
{
    return {std::move(names), "", std::move(help), false,
            [&into](const std::string &value) { into = parse_switch(value); }};
}

cache::StatePaths existing_state(const std::optional<std::filesystem::path> &option,
                                 const Environment &environment)
{
    auto root = StateDirectory::choose(option, environment);
    if (!std::filesystem::is_directory(root))
        throw Error{ErrorKind::not_found, fmt::format("there is no state directory {}", root.native())}
            .with_hint("name it with --state DIR, or with MICA_STATE in the environment");
    return {std::move(root)};
}

void print(const std::string &text)
{
    write_all(STDOUT_FILENO, as_bytes(text));
}

bool is_prunable(cache::ItemKind kind)
{
    return kind != cache::ItemKind::image && kind != cache::ItemKind::rest;
}

std::string item_lines(std::vector<cache::StateItem> items)
{
    std::sort(items.begin(), items.end(), [](const auto &a, const auto &b) { return a.used > b.used; });
    std::string out = fmt::format("{:<24} {:>10}  {:<20}  {}\n", "KIND", "SIZE", "LAST USED", "WHAT");
    for (const auto &item : items) {
        const auto used = item.used == Time{}
                              ? std::string{"-"}
                              : format_rfc3339(std::chrono::floor<std::chrono::seconds>(item.used));
        out += fmt::format("{:<24} {:>10}  {:<20}  {}\n", cache::name_of(item.kind), size_text(item.size),
                           used, item.note.substr(0, 100));
    }
    return out + "\n";
}

} // namespace

std::string size_text(std::uint64_t bytes)
{
    constexpr const char *units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    double value = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (value >= 1024 && unit + 1 < std::size(units)) {
        value /= 1024;
        ++unit;
    }
    return unit == 0 || value >= 100 ? fmt::format("{:.0f} {}", value, units[unit])
                                     : fmt::format("{:.1f} {}", value, units[unit]);
}

std::uint64_t parse_storage(std::string_view text)
{
    if (const auto size = dockerfile::parse_size(text))
        return *size;
    throw Error{ErrorKind::usage, fmt::format("\"{}\" is no size, like 500MiB or 10g", text)};
}

CommandSpec usage_command_spec(UsageOptions &into)
{
    return {"du",
            "Show what the state directory holds.",
            "Counts what images, cached steps, extracted layers and cache mounts take on the disk, each "
            "byte once, and how much of it \"mica prune\" could free.",
            {state_option(into.state), switch_option("-v,--verbose", "List each item.", into.verbose)},
            {}};
}

CommandSpec prune_command_spec(PruneCommandOptions &into)
{
    return {
        "prune",
        "Make room in the state directory.",
        "Removes cached steps, layers and cache mounts, the longest unused first. What a running build "
        "uses stays, and so do images that were kept under a name. Without a limit all else goes.",
        {state_option(into.state),
         {"--keep-storage", "SIZE", "Stop when the state directory is no larger than this (500MiB, 10g).",
          false, [&into](const std::string &value) { into.keep_storage = parse_storage(value); }},
         {"--unused-for", "TIME", "Remove only what no build used for so long (90m, 336h, 14d).", false,
          [&into](const std::string &value) { into.unused_for = parse_age(value); }},
         switch_option("--keep-mounts", "Keep the directories of RUN --mount=type=cache.", into.keep_mounts)},
        {}};
}

int run_usage(const UsageOptions &options, const Environment &environment, const std::stop_token &stop)
{
    struct Sum {
        std::size_t count = 0;
        std::uint64_t size = 0;
    };
    const auto items = cache::survey(existing_state(options.state, environment), stop);
    std::map<cache::ItemKind, Sum> sums;
    Sum all, prunable;
    for (const auto &item : items) {
        for (auto *sum : {&sums[item.kind], &all, is_prunable(item.kind) ? &prunable : nullptr})
            if (sum != nullptr) {
                ++sum->count;
                sum->size += item.size;
            }
    }
    std::string out = options.verbose ? item_lines(items) : std::string{};
    out += fmt::format("{:<24} {:>7} {:>10}\n", "KIND", "ITEMS", "SIZE");
    for (const auto &[kind, sum] : sums)
        out += fmt::format("{:<24} {:>7} {:>10}\n", cache::name_of(kind), sum.count, size_text(sum.size));
    out += fmt::format("{:<24} {:>7} {:>10}\n", "total", "", size_text(all.size));
    out += fmt::format("{:<24} {:>7} {:>10}\n", "can be pruned", prunable.count, size_text(prunable.size));
    print(out);
    return ui::exit_code::success;
}

int run_prune(const PruneCommandOptions &options, const Environment &environment, const std::stop_token &stop)
{
    const auto report = cache::prune(existing_state(options.state, environment),
                                     {options.keep_storage, options.unused_for, !options.keep_mounts},
                                     SystemClock{}.now(), stop);
    std::string out;
    for (const auto &line : report.stayed)
        out += "kept " + line + "\n";
    out += fmt::format("removed {} items, {}; {} left\n", report.removed, size_text(report.freed),
                       size_text(report.left));
    print(out);
    const bool holds = !options.keep_storage || report.left <= *options.keep_storage;
    return holds ? ui::exit_code::success : ui::exit_code::failure;
}

} // namespace mica::cli
