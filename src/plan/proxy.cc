#include "plan/proxy.hh"
#include "base/text.hh"
#include <array>
#include <string_view>

namespace mica::plan {

std::vector<std::string> proxy_environment(const std::map<std::string, std::string> &build_args)
{
    constexpr std::array<std::string_view, 5> names{"HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY",
                                                    "ALL_PROXY"};
    std::vector<std::string> out;
    for (const auto name : names) {
        std::string value;
        for (const auto &[given, text] : build_args)
            if (equal_ignoring_case(given, name))
                value = text;
        if (value.empty())
            continue;
        out.push_back(std::string{name} + "=" + value);
        out.push_back(to_lower(name) + "=" + value);
    }
    return out;
}

} // namespace mica::plan
