#include "output/early_push.hh"

#include "base/error.hh"
#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace mica::output {

namespace {

/// As many as a push has: mounts of base layers are round trips and nothing else.
constexpr unsigned uploads_at_once = 4;
/// More layers than an image can have, in more repositories than anybody names.
constexpr std::size_t most_waiting = 4096;
/// Layers that are sent while they are made; those of further stages wait for their ends.
constexpr std::ptrdiff_t most_live = 4;
/// A smaller layer is sent as fast when it is there, and need not be if the repository has it.
constexpr std::uint64_t worth_following = std::uint64_t{8} << 20;

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

void EarlyPush::follow(std::shared_ptr<const oci::GrowingBlob> blob)
{
    const std::scoped_lock lock{mutex_};
    const auto under_way = std::ranges::count(live_, Live::State::under_way, &Live::state);
    if (repositories_.empty() || under_way >= most_live)
        return;
    auto &live = live_.emplace_back(std::move(blob));
    live.thread = std::jthread{[this, &live] { send_live(live); }};
}

void EarlyPush::add(const oci::PlacedLayer &layer)
{
    const bool first_has_it = is_followed(layer);
    for (const auto &repository : std::span{repositories_}.subspan(first_has_it ? 1 : 0))
        (void)queue_.push({repository, layer}, stop_.get_token()); // false: the push will do it
}

bool EarlyPush::is_followed(const oci::PlacedLayer &layer)
{
    const std::scoped_lock lock{mutex_};
    for (auto &live : live_) {
        const auto whole = live.blob->whole();
        if (!whole || whole->digest != layer.layer.blob.digest || live.state == Live::State::failed)
            continue;
        if (live.state == Live::State::under_way)
            live.layer = layer;
        return true;
    }
    return false;
}

void EarlyPush::finish()
{
    for (auto &live : live_)
        live.thread.join(); // what one of them could not send is in the queue then
    queue_.close();
    threads_.clear();
}

void EarlyPush::work()
{
    while (const auto piece = queue_.pop(stop_.get_token()))
        succeeds([&] {
            put(*piece);
            return true;
        });
}

template <class Body> bool EarlyPush::succeeds(Body &&body)
{
    try {
        return body();
    } catch (const Cancelled &) {
        return false;
    } catch (const std::exception &error) {
        bus_.publish(
            event::Note{event::Note::Level::debug,
                        fmt::format("a layer could not be pushed ahead of the image: {}", error.what()),
                        {}});
        return false;
    }
}

void EarlyPush::send_live(Live &live)
{
    const bool arrived = succeeds([&] { return put_growing(live.blob); });
    std::optional<oci::PlacedLayer> left;
    {
        const std::scoped_lock lock{mutex_};
        live.state = arrived ? Live::State::arrived : Live::State::failed;
        left = arrived ? std::nullopt : std::exchange(live.layer, std::nullopt);
    }
    if (left)
        (void)queue_.push({repositories_.front(), std::move(*left)}, stop_.get_token());
}

bool EarlyPush::put_growing(const std::shared_ptr<const oci::GrowingBlob> &blob)
{
    const auto stop = stop_.get_token();
    if (blob->wait_beyond(worth_following, stop).whole)
        return false;
    const auto &repository = repositories_.front();
    Task task{
        bus_, {}, TaskKind::push, fmt::format("pushing a layer to {} while it is made", repository.name())};
    const auto placement = client_.put_growing_blob(repository, blob, stop);
    if (placement == registry::BlobPlacement::present)
        task.finish(TaskResult::skipped, "already there");
    else if (placement)
        task.finish(TaskResult::done, blob->whole().value().digest.hex().substr(0, 12));
    else
        task.finish(TaskResult::skipped, "when it is there");
    return placement.has_value();
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
