#pragma once
/// @file
/// The lines of Kaniko's log that people's scripts look for, beside mica's own events.
#include "base/event.hh"
#include "oci/reference.hh"
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace mica::cli::kaniko {

/// Hands every event on, and adds "Pushing image to …", "Pushed …@sha256:…", and with `with_cache` what the
/// cache knew of each step. `bus` must outlive it. Any thread.
class LogLines final : public EventBus {
public:
    LogLines(EventBus &bus, std::vector<oci::Reference> destinations, bool with_cache)
        : bus_{bus}, destinations_{std::move(destinations)}, with_cache_{with_cache}
    {
    }

    void publish(EventBody body) noexcept override;
    /// "error building image: …"; the failure itself is shown by whoever catches it.
    void failed(const Error &error, std::string_view what = "error building image") noexcept;

private:
    [[nodiscard]] std::vector<std::string> before(const EventBody &body);
    [[nodiscard]] std::vector<std::string> after(const EventBody &body);
    void say(std::string text) noexcept;

    EventBus &bus_;
    const std::vector<oci::Reference> destinations_;
    const bool with_cache_;
    std::mutex mutex_;
    std::map<TaskId, std::string> steps_; ///< those that run
    bool pushing_ = false;
};

} // namespace mica::cli::kaniko
