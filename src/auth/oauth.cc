#include "auth/oauth.hh"

#include "auth/cloud_http.hh"
#include "base/error.hh"
#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace mica::auth {

namespace {

constexpr unsigned attempts = 3;
constexpr std::chrono::seconds usual_lifetime{300}; ///< where none is told: soon enough to ask again
constexpr double longest_lifetime = 24 * 3600;

/// A number; text, as one service of Azure has it, counts as not told.
std::chrono::seconds lifetime_in(const nlohmann::json &document)
{
    const auto told = document.value("expires_in", nlohmann::json{});
    if (!told.is_number())
        return usual_lifetime;
    const auto seconds = std::clamp(told.get<double>(), 0.0, longest_lifetime);
    return std::chrono::seconds{static_cast<std::int64_t>(seconds)};
}

} // namespace

net::Response post_form(net::Client &network, const net::Url &url, std::string fields,
                        const std::stop_token &stop)
{
    return ask(network,
               {.method = net::Method::post,
                .url = url,
                .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
                .body = std::move(fields)},
               attempts, stop);
}

AccessToken read_access_token(const net::Response &answer, const std::string &refusal)
{
    const auto document = json_in(answer);
    auto text = text_in(document, "access_token");
    if (answer.status != 200 || text.empty())
        throw Error{ErrorKind::denied, fmt::format("{}: {}", refusal, words_of_refusal(answer))};
    return {std::move(text), lifetime_in(document)};
}

} // namespace mica::auth
