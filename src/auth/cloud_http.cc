#include "auth/cloud_http.hh"

#include "base/text.hh"
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace mica::auth {

namespace {

constexpr std::uint64_t answer_limit = 256 * 1024;
constexpr std::size_t most_words = 400;

std::string one_line(std::string_view text)
{
    std::string out;
    for (const char c : trim(text).substr(0, most_words))
        out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
    return out;
}

std::string words_in(const nlohmann::json &document)
{
    for (const char *name : {"message", "Message", "error_description", "error"})
        if (auto text = text_in(document, name); !text.empty())
            return text;
    if (const auto error = document.find("error"); error != document.end() && error->is_object())
        return text_in(*error, "message");
    return {};
}

} // namespace

net::Response ask(net::Client &network, const net::Request &request, unsigned attempts,
                  const std::stop_token &stop)
{
    const net::RetryPolicy policy{.attempts = attempts, .longest_retry_after = std::chrono::seconds{20}};
    for (unsigned tried = 1;; ++tried) {
        net::Outcome outcome;
        std::optional<net::Response> answer;
        try {
            answer = network.send(request, answer_limit, stop);
            outcome.status = answer->status;
            if (const auto wait = answer->headers.find("Retry-After"))
                outcome.retry_after = net::parse_retry_after(*wait, SystemClock{}.now());
        } catch (const net::Failure &failure) {
            outcome.failure = failure.failure();
            if (!net::next_delay(policy, tried, outcome, 0))
                throw;
        }
        const auto pause = net::next_delay(policy, tried, outcome, net::random_chance());
        if (!pause)
            return std::move(*answer);
        net::pause_for(*pause, stop);
    }
}

nlohmann::json json_in(const net::Response &answer)
{
    return answer.truncated ? nlohmann::json{} : json_object(answer.body);
}

std::string words_of_refusal(const net::Response &answer)
{
    const auto document = json_in(answer);
    if (const auto words = document.is_object() ? one_line(words_in(document)) : std::string{};
        !words.empty())
        return fmt::format("{} [HTTP {}]", words, answer.status);
    return fmt::format("HTTP status {}", answer.status);
}

std::string form(std::initializer_list<std::pair<std::string_view, std::string_view>> fields)
{
    std::string out;
    for (const auto &[name, value] : fields)
        out += fmt::format("{}{}={}", out.empty() ? "" : "&", name, net::percent_encode(value));
    return out;
}

} // namespace mica::auth
