#pragma once
/// @file
/// Answers that say no, as errors: with the registry's own words, bounded, and with what the
/// user can do.
#include "base/error.hh"
#include "net/headers.hh"
#include "net/retry.hh"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mica::registry {

/// One entry of the specification's error document.
struct ApiError {
    std::string code, message;
};

/// Empty when the text is no such document.
[[nodiscard]] std::vector<ApiError> parse_api_errors(std::string_view body);

/// A status that ends the exchange, or may pass: an Error whose kind says what it means.
class Refused : public Error {
public:
    Refused(ErrorKind kind, std::string message, net::Outcome outcome, std::vector<ApiError> errors,
            std::string text)
        : Error{kind, std::move(message)}, outcome_{outcome}, errors_{std::move(errors)},
          text_{std::move(text)}
    {
    }
    [[nodiscard]] int status() const noexcept { return outcome_.status; }
    [[nodiscard]] const net::Outcome &outcome() const noexcept { return outcome_; }
    [[nodiscard]] bool has_code(std::string_view code) const;
    /// The whole body, as far as it was read.
    [[nodiscard]] const std::string &text() const noexcept { return text_; }

private:
    net::Outcome outcome_;
    std::vector<ApiError> errors_;
    std::string text_;
};

/// "HOST refused ACTION: WORDS (CODE)".
/// `better_hint`: what the user can do, by somebody who knows more than the status says; empty: nobody does.
[[nodiscard]] Refused refusal_of(int status, const net::Headers &headers, std::string_view body,
                                 const std::string &host, std::string_view action,
                                 const std::string &better_hint = {});

} // namespace mica::registry
