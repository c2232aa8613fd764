#pragma once
/// @file
/// Layers go to registries while later steps are still being built.
#include "base/event.hh"
#include "base/queue.hh"
#include "oci/image.hh"
#include "oci/reference.hh"
#include "registry/client.hh"
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

    /// A layer that the image will have. Any thread; returns at once.
    void add(const oci::PlacedLayer &layer);
    /// Waits until all of them are there, or have failed. The last call.
    void finish();

private:
    struct Piece {
        oci::Reference repository;
        oci::PlacedLayer layer;
    };

    void work();
    void put(const Piece &piece);

    registry::Client &client_;
    EventBus &bus_;
    std::vector<oci::Reference> repositories_; ///< one name of each
    BoundedQueue<Piece> queue_;
    std::stop_source stop_;
    std::stop_callback<std::function<void()>> outer_;
    std::vector<std::jthread> threads_;
};

} // namespace mica::output
