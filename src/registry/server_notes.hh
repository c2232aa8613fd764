#pragma once
/// @file
/// What servers say besides their answers, for the user.
#include "base/event.hh"
#include "base/guarded.hh"
#include "net/headers.hh"
#include <set>
#include <string>

namespace mica::registry {

/// Each thing is told once. May be called from any thread.
class ServerNotes {
public:
    explicit ServerNotes(EventBus *bus) : bus_{bus} {}

    /// "Warning: 299" (distribution-spec), and Docker Hub's ratelimit-remaining when little is left.
    void look_at(const std::string &host, const net::Headers &headers);
    /// Which login serves a registry; secrets are no part of it.
    void login(const std::string &registry, const std::string &source);

private:
    void tell_once(event::Note::Level level, const std::string &key, const std::string &text);

    EventBus *bus_;
    Guarded<std::set<std::string>> told_;
};

/// "76;w=21600" means 76; nullopt for what is no number.
[[nodiscard]] std::optional<unsigned> rate_limit_left(std::string_view value);

} // namespace mica::registry
