#include "cli/temporary_place.hh"

#include "base/error.hh"
#include <cerrno>
#include <cstdlib>

namespace mica::cli {

TemporaryPlace::TemporaryPlace()
{
    auto name = (std::filesystem::temp_directory_path() / "mica.XXXXXX").native();
    if (::mkdtemp(name.data()) == nullptr)
        throw system_error(name, errno);
    path_ = name;
}

TemporaryPlace::~TemporaryPlace()
{
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

} // namespace mica::cli
