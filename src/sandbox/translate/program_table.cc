#include "sandbox/translate/program_table.hh"

#include <utility>

namespace mica::sandbox {

void ProgramTable::set(pid_t process, std::string path)
{
    const std::scoped_lock lock{mutex_};
    programs_[process] = std::move(path);
}

void ProgramTable::inherit(pid_t parent, pid_t child)
{
    const std::scoped_lock lock{mutex_};
    const auto found = programs_.find(parent);
    if (found != programs_.end())
        programs_.try_emplace(child, found->second);
}

void ProgramTable::forget(pid_t process)
{
    const std::scoped_lock lock{mutex_};
    programs_.erase(process);
}

std::optional<std::string> ProgramTable::find(pid_t process) const
{
    const std::scoped_lock lock{mutex_};
    const auto found = programs_.find(process);
    return found != programs_.end() ? std::optional{found->second} : std::nullopt;
}

} // namespace mica::sandbox
