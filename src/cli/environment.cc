#include "cli/environment.hh"

#include <string_view>
#include <unistd.h>

namespace mica::cli {

std::optional<std::string> Environment::get(const std::string &name) const
{
    const auto found = variables.find(name);
    if (found == variables.end() || found->second.empty())
        return std::nullopt;
    return found->second;
}

Environment Environment::of_process()
{
    Environment environment;
    for (char **entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text{*entry};
        if (const auto equals = text.find('='); equals != std::string_view::npos)
            environment.variables.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    environment.is_root = ::geteuid() == 0;
    return environment;
}

} // namespace mica::cli
