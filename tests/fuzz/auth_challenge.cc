// Any bytes are the headers of a challenge: what is understood of them is bounded and named in lower case.
#include "base/text.hh"
#include "fuzz.hh"
#include "registry/challenge.hh"
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    using namespace mica;
    std::vector<std::string_view> headers;
    for (std::string_view rest{reinterpret_cast<const char *>(data), size}; !rest.empty();) {
        const auto end = rest.find('\n');
        headers.push_back(rest.substr(0, end));
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
    for (const auto &challenge : registry::parse_challenges(headers)) {
        fuzz::require(!challenge.scheme.empty(), "a challenge has a scheme");
        fuzz::require(challenge.scheme == to_lower(challenge.scheme), "schemes have one name");
        for (const auto &[name, value] : challenge.parameters)
            fuzz::require(!name.empty() && name == to_lower(name) && challenge.parameter(name) == value,
                          "parameters are found by their names");
    }
    return 0;
}
