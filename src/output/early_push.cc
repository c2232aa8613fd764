#include "output/early_push.hh"

#include "base/error.hh"
#include <algorithm>
#include <fmt/format.h>

namespace mica::output {

namespace {

/// As many as a push has: mounts of base layers are round trips and nothing else.
constexpr unsigned uploads_at_once = 4;
/// More layers than an image can have, in more repositories than anybody names.
constexpr std::size_t most_waiting = 4096;

std::vector<oci::Reference> one_of_each_repository(std::span<const oci::Reference> names)
{
    std::vector<oci::Reference> out;
    for (const auto &name : names)
        if (std::none_of(out.begin(), out.end(),
                         [&](const oci::Reference &other) { return other.name() == name.name(); }))
            out.push_back(name);
    return out;
}

} // namespace

EarlyPush::EarlyPush(std::span<const oci::Reference> names, registry::Client &client, EventBus &bus,
                     const std::stop_token &stop)
    : client_{client}, bus_{bus}, repositories_{one_of_each_repository(names)}, queue_{most_waiting},
      outer_{stop, [this] { stop_.request_stop(); }}
{
    for (unsigned i = 0; i < uploads_at_once; ++i)
        threads_.emplace_back([this] { work(); });
}

EarlyPush::~EarlyPush()
{
    stop_.request_stop();
}

void EarlyPush::add(const oci::PlacedLayer &layer)
{
    for (const auto &repository : repositories_)
        (void)queue_.push({repository, layer}, stop_.get_token()); // false: the push will do it
}

void EarlyPush::finish()
{
    queue_.close();
    threads_.clear();
}

void EarlyPush::work()
{
    while (const auto piece = queue_.pop(stop_.get_token())) {
        try {
            put(*piece);
        } catch (const Cancelled &) {
            return;
        } catch (const std::exception &error) {
            bus_.publish(
                event::Note{event::Note::Level::debug,
                            fmt::format("a layer could not be pushed ahead of the image: {}", error.what()),
                            {}});
        }
    }
}

void EarlyPush::put(const Piece &piece)
{
    const auto &blob = piece.layer.layer.blob;
    if (blob.media_type == oci::MediaType::oci_foreign_layer_gzip ||
        blob.media_type == oci::MediaType::docker_foreign_layer_gzip)
        return;
    Task task{bus_,
              {},
              TaskKind::push,
              fmt::format("pushing {} to {}", blob.digest.hex().substr(0, 12), piece.repository.name())};
    const auto placement = client_.put_blob(piece.repository, blob, *piece.layer.blobs, stop_.get_token());
    if (placement == registry::BlobPlacement::present)
        task.finish(TaskResult::skipped, "already there");
    else
        task.finish(TaskResult::done, placement == registry::BlobPlacement::mounted ? "mounted" : "");
}

} // namespace mica::output
