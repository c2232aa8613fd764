#include "sandbox/agent.hh"
#include "sandbox/child_name.hh"
#include "sandbox/sandbox.hh"
#include <string_view>

namespace mica::sandbox {

std::optional<int> child_main(int argc, char **argv)
{
    if (argc != 1 || argv[0] == nullptr || std::string_view{argv[0]} != child_name)
        return std::nullopt;
    return agent_main();
}

} // namespace mica::sandbox
