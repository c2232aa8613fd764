#include "sandbox/scratch_space.hh"

#include "base/error.hh"
#include <cerrno>
#include <chrono>
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

std::vector<AbandonedScratch> AbandonedScratch::find(const std::filesystem::path &parent)
{
    // A directory is made a moment before its lock is held.
    constexpr auto young = std::chrono::minutes{1};
    std::vector<AbandonedScratch> found;
    std::error_code ignored;
    for (const auto &entry : std::filesystem::directory_iterator{parent, ignored}) {
        if (entry.path().extension() != ".lock")
            continue;
        const auto made = entry.last_write_time(ignored);
        if (ignored || std::filesystem::file_time_type::clock::now() - made < young)
            continue;
        if (auto lock = os::FileLock::try_lock(entry.path(), os::LockMode::exclusive))
            found.push_back({std::filesystem::path{entry.path()}.replace_extension(), std::move(*lock)});
    }
    return found;
}

void AbandonedScratch::forget() const
{
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
    if (!std::filesystem::exists(path_, ignored))
        std::filesystem::remove(path_.native() + ".lock", ignored);
}

} // namespace mica::sandbox
