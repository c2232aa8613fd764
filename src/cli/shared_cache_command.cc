#include "cli/shared_cache_command.hh"

#include "base/error.hh"
#include "base/thread_pool.hh"
#include "cache/export.hh"
#include "cli/registry_access.hh"
#include "cli/temporary_place.hh"
#include "io/fd.hh"
#include "ui/diagnostics.hh"
#include <fmt/format.h>
#include <unistd.h>

namespace mica::cli {

CommandSpec shared_prune_command_spec(SharedPruneOptions &into)
{
    std::vector<OptionSpec> options{
        {"--unused-for", "TIME", "How long a step may be unused (default: 14d).", false,
         [&into](const std::string &value) { into.unused_for = parse_age(value); }}};
    for (auto &option : connection_options(into.registries))
        options.push_back(std::move(option));
    options.push_back(insecure_option(into.registries));
    return {"cache prune",
            "Remove from a shared cache what no build uses any more.",
            "Writes the cache anew without the steps that no build used for some time. The registry keeps "
            "the bytes until it collects its garbage, as after any moved tag.",
            std::move(options),
            {{"CACHE", "The cache, as --cache-to names it.", [&into](const std::string &value) {
                  auto cache = parse_cache_to(value);
                  auto *place = std::get_if<cache::ExportOptions>(&cache);
                  if (place == nullptr)
                      throw Error{ErrorKind::usage, "an inline cache is a part of its image"};
                  into.cache = std::move(*place);
              }}}};
}

int run_shared_prune(const SharedPruneOptions &options, const std::stop_token &stop)
{
    auto where = options.cache.value();
    if (options.unused_for)
        where.keep_for = *options.unused_for;
    const TemporaryPlace place;
    ThreadPool pool;
    NullBus bus;
    RegistryAccess access{options.registries, bus, stop};
    const SystemClock clock;
    const auto report = cache::prune_shared(
        where, {access.client(), oci::Layout::open_or_create(place.path()), {}, pool, bus, clock}, stop);
    write_all(STDOUT_FILENO,
              as_bytes(fmt::format("removed {} steps; {} left\n", report.removed, report.left)));
    return ui::exit_code::success;
}

} // namespace mica::cli
