#include "auth/aws/keys.hh"

#include "auth/json_text.hh"
#include "base/error.hh"
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace mica::auth::aws {

Keys parse_keys(std::string_view json, const char *token_member, std::string source)
{
    const auto document = nlohmann::json::parse(json, nullptr, false);
    Keys keys{{text_in(document, "AccessKeyId"), text_in(document, "SecretAccessKey"),
               text_in(document, token_member)},
              {},
              std::move(source)};
    if (keys.signing.id.empty() || keys.signing.secret.empty())
        throw Error{ErrorKind::denied,
                    fmt::format("{} gave no AccessKeyId and SecretAccessKey", keys.source)};
    if (const auto end = text_in(document, "Expiration"); !end.empty())
        keys.expires =
            in_context([&] { return fmt::format("reading the Expiration that {} gave", keys.source); },
                       [&] { return parse_rfc3339(end); });
    return keys;
}

} // namespace mica::auth::aws
