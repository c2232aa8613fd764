#include "registry/push.hh"

#include "base/guarded.hh"
#include "base/stop.hh"
#include "io/hash.hh"
#include <algorithm>
#include <atomic>
#include <exception>
#include <fmt/format.h>
#include <set>
#include <thread>
#include <vector>

namespace mica::registry {

namespace {

/// A document that is in memory anyway.
class DocumentReader final : public oci::BlobReader {
public:
    explicit DocumentReader(const std::string &bytes) : bytes_{bytes} {}
    [[nodiscard]] std::unique_ptr<Source> open(const oci::Descriptor &,
                                               const std::stop_token &) const override
    {
        return std::make_unique<StringSource>(bytes_);
    }

private:
    const std::string &bytes_;
};

/// Tells the task how far the reading is; what is read is sent at once, but for a small buffer.
class ObservedReader final : public oci::BlobReader {
public:
    ObservedReader(const oci::BlobReader &reader, Task &task) : reader_{reader}, task_{task} {}

    [[nodiscard]] std::unique_ptr<Source> open(const oci::Descriptor &blob,
                                               const std::stop_token &stop) const override
    {
        return std::make_unique<ObservedSource>(reader_.open(blob, stop), task_, blob.size);
    }
    [[nodiscard]] std::optional<oci::Reference> repository() const override { return reader_.repository(); }

private:
    class ObservedSource final : public Source {
    public:
        ObservedSource(std::unique_ptr<Source> from, Task &task, std::uint64_t size)
            : from_{std::move(from)}, task_{task}, size_{size}
        {
        }
        [[nodiscard]] std::size_t read(std::span<std::byte> into) override
        {
            const auto count = from_->read(into);
            done_ += count;
            if (count > 0)
                task_.progress(done_, size_);
            return count;
        }

    private:
        std::unique_ptr<Source> from_;
        Task &task_;
        std::uint64_t size_, done_ = 0;
    };

    const oci::BlobReader &reader_;
    Task &task_;
};

bool is_foreign(const oci::Descriptor &blob)
{
    return blob.media_type == oci::MediaType::oci_foreign_layer_gzip ||
           blob.media_type == oci::MediaType::docker_foreign_layer_gzip;
}

/// One blob for one repository.
struct Piece {
    const oci::Reference *image;
    const oci::Descriptor *blob;
    const oci::BlobReader *blobs;
};

std::string short_name(const Digest &digest)
{
    return digest.hex().substr(0, 12);
}

class Push {
public:
    Push(Client &client, EventBus &bus, TaskId parent, const std::stop_token &stop)
        : client_{client}, bus_{bus}, parent_{parent}, outer_{stop, [this] { stop_.request_stop(); }}
    {
    }

    /// All pieces, `workers` at once; the first failure stops the others and comes out.
    void put_all(const std::vector<Piece> &pieces, unsigned workers)
    {
        std::atomic<std::size_t> next = 0;
        const auto work = [&] {
            while (!stop_.stop_requested()) {
                const auto mine = next++;
                if (mine >= pieces.size())
                    return;
                try {
                    put(pieces[mine]);
                } catch (...) {
                    fail(std::current_exception());
                }
            }
        };
        {
            std::vector<std::jthread> threads;
            for (std::size_t i = 0; i < std::min<std::size_t>(std::max(workers, 1U), pieces.size()); ++i)
                threads.emplace_back(work);
        }
        if (auto failure = failure_.with([](auto &first) { return first; }))
            std::rethrow_exception(failure);
        throw_if_stopped(stop_.get_token());
    }

private:
    void put(const Piece &piece)
    {
        const auto &[image, blob, blobs] = piece;
        Task task{bus_, parent_, TaskKind::push,
                  fmt::format("pushing {} to {}", short_name(blob->digest), image->name())};
        const ObservedReader observed{*blobs, task};
        const auto describe = [&, image = image, blob = blob] {
            return fmt::format("pushing blob {} to {}", short_name(blob->digest), image->name());
        };
        switch (in_context(describe, [&, image = image, blob = blob] {
            return client_.put_blob(*image, *blob, observed, stop_.get_token());
        })) {
        case BlobPlacement::present:
            task.finish(TaskResult::skipped, "already there");
            break;
        case BlobPlacement::mounted:
            task.finish(TaskResult::done, "mounted");
            break;
        case BlobPlacement::uploaded:
            task.finish(TaskResult::done);
            break;
        }
    }

    /// The first failure is the one to tell; those that come after it are mostly its consequences.
    void fail(std::exception_ptr failure)
    {
        failure_.with([&](auto &first) {
            if (!first)
                first = std::move(failure);
        });
        stop_.request_stop();
    }

    Client &client_;
    EventBus &bus_;
    TaskId parent_;
    std::stop_source stop_;
    Guarded<std::exception_ptr> failure_;
    std::stop_callback<std::function<void()>> outer_;
};

/// The repositories among the destinations, each once.
std::vector<oci::Reference> repositories(std::span<const oci::Reference> destinations)
{
    std::vector<oci::Reference> found;
    std::set<std::string> seen;
    for (const auto &destination : destinations)
        if (seen.insert(destination.name()).second)
            found.push_back(destination);
    return found;
}

} // namespace

void push_blobs(Client &client, const oci::Image &image, const oci::EncodedImage &encoded,
                const oci::Reference &target, const PushOptions &options, EventBus &bus, TaskId parent,
                const std::stop_token &stop)
{
    const DocumentReader config{encoded.config_json};
    std::vector<Piece> layers;
    std::set<Digest> seen;
    for (const auto &[layer, blobs] : image.layers)
        if (!is_foreign(layer.blob) && seen.insert(layer.blob.digest).second)
            layers.push_back({&target, &layer.blob, blobs.get()});
    // Largest first: the last one to begin should be the one that ends soonest.
    std::ranges::stable_sort(layers, std::ranges::greater{},
                             [](const Piece &piece) { return piece.blob->size; });
    Push{client, bus, parent, stop}.put_all(layers, options.parallel_blobs);
    Push{client, bus, parent, stop}.put_all({{&target, &encoded.config, &config}}, 1);
}

void push(Client &client, const oci::Image &image, const oci::EncodedImage &encoded,
          std::span<const oci::Reference> destinations, const PushOptions &options, EventBus &bus,
          TaskId parent, const std::stop_token &stop)
{
    // One repository after the other: the second may mount what the first has just got.
    for (const auto &target : repositories(destinations))
        push_blobs(client, image, encoded, target, options, bus, parent, stop);

    const RawManifest manifest{encoded.manifest, encoded.manifest_json};
    for (const auto &destination : destinations) {
        throw_if_stopped(stop);
        in_context([&] { return fmt::format("pushing {}", destination.str()); },
                   [&] { client.put_manifest(destination, manifest, stop); });
        bus.publish(event::Produced{"tag", destination.str(), manifest.descriptor.digest.str()});
    }
}

} // namespace mica::registry
