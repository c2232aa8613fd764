#pragma once
/// @file
/// Logins that clouds give for a while, kept until shortly before their end.
#include "auth/credentials.hh"
#include "base/clock.hh"
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace mica::auth {

struct TimedLogin {
    Credential credential;
    Time expires;
};

/// By registry. May be called from any thread; while one looks for a login, the others wait for it.
class KeptLogins {
public:
    explicit KeptLogins(const Clock &clock) : clock_{clock} {}

    /// What is kept, else what `look` finds (a std::optional<TimedLogin>).
    template <class Look> std::optional<Credential> get(const std::string &registry, Look &&look)
    {
        const std::scoped_lock lock{mutex_};
        const auto kept = kept_.find(registry);
        if (kept != kept_.end() && kept->second.expires > clock_.now() + std::chrono::minutes{1})
            return kept->second.credential;
        const std::optional<TimedLogin> found = look();
        if (!found)
            return std::nullopt;
        kept_.insert_or_assign(registry, *found);
        return found->credential;
    }
    void forget(const std::string &registry)
    {
        const std::scoped_lock lock{mutex_};
        kept_.erase(registry);
    }

private:
    const Clock &clock_;
    std::mutex mutex_;
    std::map<std::string, TimedLogin> kept_;
};

} // namespace mica::auth
