#pragma once
/// @file
/// Layers go to registries while later steps are still being built.
#include "base/event.hh"
#include "base/queue.hh"
#include "oci/growing_blob.hh"
#include "oci/image.hh"
#include "oci/reference.hh"
#include "registry/client.hh"
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <thread>
#include <vector>

namespace mica::output {

/// Brings layers into the repositories that the finished image is pushed to, on threads of its
/// own. It only does early what the push does anyway: what fails here is a debug note, and the
/// push finds it again and says so. Nothing that it uploads has a tag.
class EarlyPush {
public:
    /// `client`, `bus` outlive it. `names`: where the image goes.
    EarlyPush(std::span<const oci::Reference> names, registry::Client &client, EventBus &bus,
              const std::stop_token &stop);
    /// Stops what is under way.
    ~EarlyPush();
    EarlyPush(const EarlyPush &) = delete;
    EarlyPush &operator=(const EarlyPush &) = delete;

    /// A layer that is being made, and that add() will name when it is there: a large one is sent to the
    /// first repository meanwhile. Any thread; returns at once.
    void follow(std::shared_ptr<const oci::GrowingBlob> blob);
    /// A layer that the image will have. Any thread; returns at once.
    void add(const oci::PlacedLayer &layer);
    /// Waits until all of them are there, or have failed. The last call.
    void finish();

private:
    struct Piece {
        oci::Reference repository;
        oci::PlacedLayer layer;
    };

    /// A layer that is sent while it is made, on a thread of its own.
    struct Live {
        enum class State : std::uint8_t { under_way, arrived, failed };

        std::shared_ptr<const oci::GrowingBlob> blob;
        State state = State::under_way;
        std::optional<oci::PlacedLayer> layer{}; ///< named meanwhile
        std::jthread thread{};                   ///< the last: it uses the rest
    };

    void work();
    void put(const Piece &piece);
    void send_live(Live &live);
    [[nodiscard]] bool put_growing(const std::shared_ptr<const oci::GrowingBlob> &blob);
    /// Whether it is on its way to the first repository, or arrived there.
    [[nodiscard]] bool is_followed(const oci::PlacedLayer &layer);
    /// Whether `body` returned true; what it throws is noted.
    template <class Body> bool succeeds(Body &&body);

    registry::Client &client_;
    EventBus &bus_;
    std::vector<oci::Reference> repositories_; ///< one name of each
    BoundedQueue<Piece> queue_;
    std::stop_source stop_;
    std::stop_callback<std::function<void()>> outer_;
    std::vector<std::jthread> threads_;
    std::mutex mutex_;     ///< of what follows, but for the threads of `live_`
    std::list<Live> live_; ///< references into it are kept
};

} // namespace mica::output
