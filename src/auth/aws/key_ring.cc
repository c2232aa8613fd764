#include "auth/aws/key_ring.hh"

#include "base/error.hh"
#include "io/fd.hh"

namespace mica::auth::aws {

namespace {

constexpr std::chrono::minutes margin{5}; ///< keys that end sooner are not given out
constexpr std::uint64_t bundle_limit = 16 * 1024 * 1024;

} // namespace

KeyRing::KeyRing(net::Client &network, Variables variables, const Clock &clock)
    : network_{network}, variables_{std::move(variables)}, clock_{clock}
{
}

const Profiles &KeyRing::profiles()
{
    std::call_once(read_, [&] {
        profiles_ = Profiles::load(variables_);
        if (const auto file = variables_.get("AWS_CA_BUNDLE"))
            in_context([] { return std::string{"reading the certificates that AWS_CA_BUNDLE names"}; },
                       [&] {
                           auto tls = std::make_shared<net::Tls>();
                           tls->ca_pem = read_file(*file, bundle_limit);
                           tls_ = std::move(tls);
                       });
    });
    return profiles_;
}

Situation KeyRing::situation(const std::string &region, const std::stop_token &stop)
{
    const auto &read = profiles();
    return {network_, variables_, read, clock_, region, stop, tls_};
}

Section KeyRing::profile()
{
    return chosen_profile(variables_, profiles());
}

std::optional<std::string> KeyRing::region()
{
    if (auto told = variables_.first_of({"AWS_REGION", "AWS_DEFAULT_REGION"}))
        return told;
    return profile().get("region");
}

std::optional<Keys> KeyRing::keys(const std::string &region, std::string &why, const std::stop_token &stop)
{
    const auto now = situation(region, stop);
    const std::scoped_lock lock{mutex_};
    if (kept_ && (!kept_->expires || *kept_->expires > clock_.now() + margin))
        return kept_;
    auto found = find_keys(now, why);
    if (found)
        kept_ = found;
    return found;
}

void KeyRing::forget()
{
    const std::scoped_lock lock{mutex_};
    kept_.reset();
}

} // namespace mica::auth::aws
