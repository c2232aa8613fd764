#include "exec/content_names.hh"

#include "base/stop.hh"
#include "cache/build_cache.hh"
#include "context/host_content.hh"
#include "exec/layer_contents.hh"
#include "io/hash.hh"
#include <algorithm>
#include <future>

namespace mica::exec {

namespace {

constexpr std::size_t files_at_once = 64; ///< of one job: most files are small

Digest hash_content(const Content &content, const std::stop_token &stop)
{
    Sha256 hash;
    const auto source = content.open();
    std::vector<std::byte> buffer(256 * 1024);
    while (const std::size_t count = source->read(buffer)) {
        throw_if_stopped(stop);
        hash.update(std::span{buffer}.first(count));
    }
    return hash.digest();
}

std::string host_file_digest(const context::HostContent &file, const StepContext &context,
                             const std::stop_token &stop)
{
    auto *const cache = context.services.cache;
    if (cache == nullptr)
        return hash_content(file, stop).hex();
    if (const auto known = cache->digests().find(file.seen()))
        return known->hex();
    const auto digest = hash_content(file, stop);
    cache->digests().remember(file.seen(), digest);
    return digest.hex();
}

} // namespace

std::string content_name(const layer::Change &change, Naming naming, const StepContext &context,
                         const std::stop_token &stop)
{
    const auto *const content = change.content.get();
    if (content == nullptr)
        return "empty";
    if (const auto *host = dynamic_cast<const context::HostContent *>(content))
        return host_file_digest(*host, context, stop);
    if (const auto *file = dynamic_cast<const LayerFile *>(content); file && naming == Naming::by_origin)
        return file->origin();
    return hash_content(*content, stop).hex();
}

std::vector<std::string> content_names(const std::vector<layer::Change> &changes, Naming naming,
                                       const StepContext &context, const std::stop_token &stop)
{
    std::vector<std::string> names(changes.size());
    const auto name_range = [&](std::size_t first, std::size_t last) {
        for (std::size_t i = first; i < last; ++i)
            names[i] = content_name(changes[i], naming, context, stop);
    };
    if (changes.size() <= files_at_once) {
        name_range(0, changes.size());
        return names;
    }
    std::vector<std::future<void>> jobs;
    for (std::size_t first = 0; first < changes.size(); first += files_at_once)
        jobs.push_back(context.services.pool.submit([&name_range, &changes, first] {
            name_range(first, std::min(first + files_at_once, changes.size()));
        }));
    for (auto &job : jobs) // all of them end before the first failure is told: they use what is here
        job.wait();
    for (auto &job : jobs)
        job.get();
    return names;
}

bool any_in_layers(const std::vector<layer::Change> &changes)
{
    return std::any_of(changes.begin(), changes.end(), [](const layer::Change &change) {
        return dynamic_cast<const LayerFile *>(change.content.get()) != nullptr;
    });
}

} // namespace mica::exec
