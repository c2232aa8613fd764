#include "cli/tools/copy_image.hh"

#include "base/error.hh"
#include "base/guarded.hh"
#include "base/stop.hh"
#include "oci/json.hh"
#include <algorithm>
#include <atomic>
#include <fmt/format.h>
#include <functional>
#include <set>
#include <thread>
#include <vector>

namespace mica::cli {

namespace {

constexpr int deepest_index = 4;
constexpr unsigned blobs_at_once = 16; ///< how many are sent at once is the client's affair

bool is_foreign(const oci::Descriptor &blob)
{
    return blob.media_type == oci::MediaType::oci_foreign_layer_gzip ||
           blob.media_type == oci::MediaType::docker_foreign_layer_gzip;
}

/// Runs all pieces of work, several at once; the first failure stops the others and comes out.
class Crew {
public:
    explicit Crew(const std::stop_token &stop) : outer_{stop, [this] { stop_.request_stop(); }} {}

    void run(std::size_t count, const std::function<void(std::size_t, const std::stop_token &)> &work)
    {
        std::atomic<std::size_t> next = 0;
        const auto loop = [&] {
            for (auto mine = next++; mine < count && !stop_.stop_requested(); mine = next++) {
                try {
                    work(mine, stop_.get_token());
                } catch (...) {
                    failure_.with([](auto &first) {
                        if (!first)
                            first = std::current_exception();
                    });
                    stop_.request_stop();
                }
            }
        };
        {
            std::vector<std::jthread> threads;
            for (std::size_t i = 0; i < std::min<std::size_t>(blobs_at_once, count); ++i)
                threads.emplace_back(loop);
        }
        if (const auto failure = failure_.with([](auto &first) { return first; }))
            std::rethrow_exception(failure);
        throw_if_stopped(stop_.get_token());
    }

private:
    std::stop_source stop_;
    Guarded<std::exception_ptr> failure_;
    std::stop_callback<std::function<void()>> outer_;
};

class Copy {
public:
    Copy(ImageSource &from, std::span<const std::unique_ptr<ImageTarget>> to, EventBus &bus, TaskId parent,
         const std::stop_token &stop)
        : from_{from}, to_{to}, bus_{bus}, parent_{parent}, stop_{stop}
    {
    }

    /// What the manifest names, to all targets, depth first.
    void parts(const registry::RawManifest &raw, int depth)
    {
        if (depth > deepest_index)
            throw Error{ErrorKind::integrity,
                        fmt::format("the image is an index of indexes more than {} deep", deepest_index)};
        const auto document = oci::parse_manifest(raw.bytes, oci::media_type_name(raw.descriptor.media_type));
        if (const auto *manifest = std::get_if<oci::Manifest>(&document))
            return blobs(*manifest);
        for (const auto &entry : std::get<oci::Index>(document).manifests) {
            const auto child = from_.manifest(entry, stop_);
            parts(child, depth + 1);
            for (const auto &target : to_)
                target->put_manifest(child, stop_);
        }
    }

private:
    void blobs(const oci::Manifest &manifest)
    {
        std::vector<oci::Descriptor> all;
        std::set<Digest> seen;
        auto named = manifest.layers;
        named.push_back(manifest.config);
        for (const auto &blob : named)
            if (!is_foreign(blob) && seen.insert(blob.digest).second)
                all.push_back(blob);
        std::ranges::stable_sort(all, std::ranges::greater{}, &oci::Descriptor::size);
        const auto reader = from_.blobs();
        for (const auto &target : to_)
            Crew{stop_}.run(all.size(), [&](std::size_t i, const std::stop_token &stop) {
                Task task{bus_, parent_, TaskKind::push, "blob " + all[i].digest.hex().substr(0, 12)};
                task.finish(TaskResult::done, target->put_blob(all[i], *reader, stop));
            });
    }

    ImageSource &from_;
    std::span<const std::unique_ptr<ImageTarget>> to_;
    EventBus &bus_;
    TaskId parent_;
    const std::stop_token &stop_;
};

} // namespace

registry::RawManifest resolve_top(ImageSource &from, const std::optional<oci::Platform> &only,
                                  const std::stop_token &stop)
{
    auto raw = from.top(stop);
    for (int depth = 0; only && depth <= deepest_index; ++depth) {
        const auto document = oci::parse_manifest(raw.bytes, oci::media_type_name(raw.descriptor.media_type));
        const auto *index = std::get_if<oci::Index>(&document);
        if (index == nullptr)
            return raw;
        const auto entry = oci::choose(index->manifests, *only);
        if (!entry) {
            std::string others;
            for (const auto &one : index->manifests)
                if (one.platform && one.platform->os != "unknown")
                    others += (others.empty() ? "" : ", ") + oci::format_platform(*one.platform);
            throw Error{ErrorKind::not_found, fmt::format("the image has no variant for {}; there is {}",
                                                          oci::format_platform(*only), others)};
        }
        raw = from.manifest(*entry, stop);
    }
    return raw;
}

oci::Descriptor copy_image(ImageSource &from, std::span<const std::unique_ptr<ImageTarget>> to,
                           const std::optional<oci::Platform> &only, EventBus &bus, TaskId parent,
                           const std::stop_token &stop)
{
    const auto top = resolve_top(from, only, stop);
    Copy{from, to, bus, parent, stop}.parts(top, 0);
    for (const auto &target : to)
        target->put_top(top, stop);
    return top.descriptor;
}

} // namespace mica::cli
