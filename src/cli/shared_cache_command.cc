#include "cli/shared_cache_command.hh"

#include "auth/credentials.hh"
#include "base/error.hh"
#include "base/thread_pool.hh"
#include "cache/export.hh"
#include "cli/version.hh"
#include "io/fd.hh"
#include "registry/client.hh"
#include "ui/diagnostics.hh"
#include <cstdlib>
#include <fmt/format.h>
#include <unistd.h>

namespace mica::cli {

namespace {

/// A place for the documents until they are uploaded.
class TemporaryPlace {
public:
    TemporaryPlace()
    {
        auto name = (std::filesystem::temp_directory_path() / "mica-cache.XXXXXX").native();
        if (::mkdtemp(name.data()) == nullptr)
            throw system_error(name, errno);
        path_ = name;
    }
    ~TemporaryPlace()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryPlace(const TemporaryPlace &) = delete;
    TemporaryPlace &operator=(const TemporaryPlace &) = delete;

    [[nodiscard]] const std::filesystem::path &path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};

} // namespace

CommandSpec shared_prune_command_spec(SharedPruneOptions &into)
{
    return {"cache prune",
            "Remove from a shared cache what no build uses any more.",
            "Writes the cache anew without the steps that no build used for some time. The registry keeps "
            "the bytes until it collects its garbage, as after any moved tag.",
            {{"--unused-for", "TIME", "How long a step may be unused (default: 14d).", false,
              [&into](const std::string &value) { into.unused_for = parse_age(value); }},
             {"--insecure-registry", "HOST[:PORT]",
              "Speak plain HTTP to this registry (to loopback it is always allowed).", true,
              [&into](const std::string &value) { into.insecure_registries.push_back(value); }}},
            {{"CACHE", "The cache, as --cache-to names it.", [&into](const std::string &value) {
                  auto cache = parse_cache_to(value);
                  auto *options = std::get_if<cache::ExportOptions>(&cache);
                  if (options == nullptr)
                      throw Error{ErrorKind::usage, "an inline cache is a part of its image"};
                  into.cache = std::move(*options);
              }}}};
}

int run_shared_prune(const SharedPruneOptions &options, const std::stop_token &stop)
{
    auto where = options.cache.value();
    if (options.unused_for)
        where.keep_for = *options.unused_for;
    const auto credentials = auth::docker_config_provider();
    registry::Options wire;
    wire.insecure_registries = options.insecure_registries;
    wire.user_agent = fmt::format("mica/{}", version());
    const auto client = registry::make_client(wire, *credentials);
    const TemporaryPlace place;
    ThreadPool pool;
    NullBus bus;
    const SystemClock clock;
    const auto report = cache::prune_shared(
        where, {*client, oci::Layout::open_or_create(place.path()), {}, pool, bus, clock}, stop);
    write_all(STDOUT_FILENO,
              as_bytes(fmt::format("removed {} steps; {} left\n", report.removed, report.left)));
    return ui::exit_code::success;
}

} // namespace mica::cli
