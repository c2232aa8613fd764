#include "cli/version.hh"

namespace mica::cli {

std::string_view version()
{
    return MICA_VERSION;
}

} // namespace mica::cli
