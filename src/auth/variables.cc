#include "auth/variables.hh"

#include "base/text.hh"
#include <string_view>
#include <unistd.h>

namespace mica::auth {

Variables Variables::of_process()
{
    Variables all;
    for (char **entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view text{*entry};
        if (const auto equals = text.find('='); equals != std::string_view::npos)
            all.values_.insert_or_assign(std::string{text.substr(0, equals)},
                                         std::string{text.substr(equals + 1)});
    }
    return all;
}

std::optional<std::string> Variables::get(const std::string &name) const
{
    const auto found = values_.find(name);
    return found == values_.end() || found->second.empty() ? std::nullopt : std::optional{found->second};
}

std::optional<std::string> Variables::first_of(std::initializer_list<const char *> names) const
{
    for (const char *name : names)
        if (auto value = get(name))
            return value;
    return std::nullopt;
}

bool Variables::is_on(const std::string &name) const
{
    const auto value = to_lower(get(name).value_or(""));
    return value == "true" || value == "1" || value == "yes";
}

std::optional<std::filesystem::path> Variables::in_home(const std::string &tail) const
{
    const auto home = get("HOME");
    return home ? std::optional{std::filesystem::path{*home} / tail} : std::nullopt;
}

} // namespace mica::auth
