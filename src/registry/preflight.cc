#include "registry/preflight.hh"

#include "registry/upload_exchange.hh"
#include <nlohmann/json.hpp>

namespace mica::registry {

namespace {

constexpr std::uint64_t list_limit = 16 * 1024 * 1024;
constexpr int most_pages = 200;

/// `<…?last=b>; rel="next"` (RFC 8288).
std::optional<std::string> next_page(const net::Headers &headers)
{
    const auto link = headers.find("Link").value_or("");
    const auto open = link.find('<'), close = link.find('>');
    if (open == std::string_view::npos || close == std::string_view::npos || close < open ||
        link.find("next", close) == std::string_view::npos)
        return std::nullopt;
    return std::string{link.substr(open + 1, close - open - 1)};
}

} // namespace

void check_push(Session &session, const oci::Reference &image, const std::stop_token &stop)
{
    const auto endpoint = session.endpoint(image.registry());
    const Subject subject{endpoint, image, Scopes::push(image.repository())};
    UploadExchange exchange{session, subject, "an upload", stop};
    const auto opened = session.retrying(stop, [&] { return exchange.open(); });
    exchange.give_up(opened.location);
}

void check_login(Session &session, const oci::Reference &image, const std::stop_token &stop)
{
    const auto endpoint = session.endpoint(image.registry());
    const Subject subject{endpoint, image, {}};
    session.retrying(stop, [&] {
        const auto answer = session.send(subject, {.url = endpoint.base.resolve("/v2/")}, stop);
        if (answer.status != 200)
            throw session.refusal(subject, answer, "the login");
    });
}

std::optional<std::vector<std::string>> list_tags(Session &session, const oci::Reference &image,
                                                  const std::stop_token &stop)
{
    const auto endpoint = session.endpoint(image.registry());
    const Subject subject{endpoint, image, Scopes::pull(image.repository())};
    auto url = endpoint.url(image.repository(), "tags/list");
    std::vector<std::string> tags;
    for (int page = 0; page < most_pages; ++page) {
        auto answer = session.retrying(stop, [&] {
            auto got = session.send(subject, {.url = url}, stop);
            if (got.status != 200 && got.status != 404)
                throw session.refusal(subject, got, fmt::format("to list the tags of {}", image.name()));
            return got;
        });
        if (answer.status == 404)
            return std::nullopt;
        const auto next = next_page(answer.headers);
        const auto document = nlohmann::json::parse(read_all(*answer.body, list_limit), nullptr, false);
        const auto list = document.is_object() ? document.value("tags", nlohmann::json{}) : nlohmann::json{};
        for (const auto &tag : list)
            if (tag.is_string())
                tags.push_back(tag.get<std::string>());
        if (!next)
            break;
        url = url.resolve(*next);
    }
    return tags;
}

} // namespace mica::registry
