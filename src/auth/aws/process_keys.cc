#include "auth/aws/process_keys.hh"

#include "auth/child.hh"
#include "base/error.hh"
#include "base/text.hh"
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace mica::auth::aws {

namespace {

constexpr std::chrono::minutes patience{1};
constexpr std::size_t output_limit = 256 * 1024;
constexpr std::size_t most_words = 400;

} // namespace

std::vector<std::string> shell_words(std::string_view text)
{
    std::vector<std::string> words;
    bool in_word = false;
    char quote = 0;
    const auto add = [&](char c) {
        if (!std::exchange(in_word, true))
            words.emplace_back();
        words.back() += c;
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const bool escapes = c == '\\' && quote != '\'' && i + 1 < text.size() &&
                             (quote == 0 || text[i + 1] == '"' || text[i + 1] == '\\');
        if (escapes)
            add(text[++i]);
        else if (quote != 0 && c == quote)
            quote = 0;
        else if (quote == 0 && (c == '\'' || c == '"')) {
            quote = c;
            if (!std::exchange(in_word, true))
                words.emplace_back();
        } else if (quote == 0 && (c == ' ' || c == '\t'))
            in_word = false;
        else
            add(c);
    }
    if (quote != 0)
        throw Error{ErrorKind::usage, "a quote has no end"};
    return words;
}

Keys process_keys(const std::string &command, const std::string &profile)
{
    const auto source = fmt::format("credential_process of the AWS profile {}", profile);
    return in_context([&] { return "running " + source; },
                      [&] {
                          const auto words = shell_words(command);
                          if (words.empty())
                              throw Error{ErrorKind::usage, "the command is empty"};
                          const auto result = run_child(words, "", patience, output_limit);
                          if (result.status != 0)
                              throw Error{ErrorKind::denied,
                                          fmt::format("{} ended with status {}: {}", words.front(),
                                                      result.status, trim(result.err).substr(0, most_words))};
                          const auto document = nlohmann::json::parse(result.out, nullptr, false);
                          if (!document.is_object() || document.value("Version", nlohmann::json{}) != 1)
                              throw Error{
                                  ErrorKind::denied,
                                  fmt::format("{} did not write a JSON object of Version 1", words.front())};
                          return parse_keys(result.out, "SessionToken", source);
                      });
}

} // namespace mica::auth::aws
