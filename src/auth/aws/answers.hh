#pragma once
/// @file
/// What AWS's services answer, read: pure functions of outside text.
#include "auth/credentials.hh"
#include "base/clock.hh"
#include <optional>
#include <string>
#include <string_view>

namespace mica::auth::aws {

struct EcrToken {
    Basic login;
    Time fetched, expires;
};

/// GetAuthorizationToken's, of ECR or of ECR Public, that came at `now`; nullopt when no login is in it.
[[nodiscard]] std::optional<EcrToken> parse_authorization(std::string_view json, Time now);

/// The kind of an error in JSON ("AccessDeniedException"), "" for what is none.
[[nodiscard]] std::string parse_error_type(std::string_view json);

/// The text of the first element of that name; nullopt where there is none. Good for STS's
/// answers, whose elements have neither attributes nor children of the same name.
[[nodiscard]] std::optional<std::string> xml_text(std::string_view document, std::string_view element);

} // namespace mica::auth::aws
