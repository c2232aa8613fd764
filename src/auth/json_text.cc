#include "auth/json_text.hh"

#include <nlohmann/json.hpp>

namespace mica::auth {

nlohmann::json json_object(std::string_view text)
{
    auto document = nlohmann::json::parse(text, nullptr, false);
    return document.is_object() ? document : nlohmann::json{};
}

std::string text_in(const nlohmann::json &object, const char *name)
{
    if (!object.is_object())
        return {};
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

} // namespace mica::auth
