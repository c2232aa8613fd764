#include "sandbox/scratch_space.hh"

#include "base/error.hh"
#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>
#include <unistd.h>

namespace mica::sandbox {

ScratchSpace::ScratchSpace(const std::filesystem::path &parent)
{
    std::string name = parent / "work-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr)
        throw system_error(name, errno);
    path_ = name;
    lock_path_ = name + ".lock";
    lock_ = os::FileLock::try_lock(lock_path_, os::LockMode::exclusive);
    // The helper works below it as another user of its own namespace.
    std::filesystem::permissions(path_, std::filesystem::perms{0711});
}

ScratchSpace::~ScratchSpace()
{
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
    if (!std::filesystem::exists(path_, ignored))
        std::filesystem::remove(lock_path_, ignored);
}

} // namespace mica::sandbox
