#include "sandbox/supervisor/process_table.hh"

#include "sandbox/supervisor/proc_status.hh"
#include "sandbox/supervisor/reply.hh"
#include <unistd.h>

// Credentials without asking about every fork
//
// A process has the credentials of its parent at the time of the fork. To be told of each fork
// would be exact, and slow. Most commands never have a process that is not what the command
// started as, so only the others are kept, and an unknown process is looked up through its parents
// when it first asks. Three things could make that wrong:
//
// - A parent changes its credentials after the fork, before the child first asks: when a process
//   changes, its children of that moment are entered with what it had before.
// - A parent ends before the child first asks, and the child gets another parent: at exit_group its
//   children are entered with what it had. (One that is killed by a signal cannot say so. Its
//   orphans then have the credentials of the command.)
// - A number is used again: at exit_group it is taken out.
//
// To look up a process is to read files of /proc, which costs more than all else that a call needs. So the
// answer for a thread is remembered: until some process changes its credentials, and for a second at the
// longest, since threads end without a word. In a second no number comes round again.

namespace mica::sandbox {

Credentials ProcessTable::find(pid_t process, pid_t parent)
{
    constexpr int deepest = 64;
    const pid_t supervisor = ::getpid(); // the root of all
    for (int depth = 0; depth < deepest && process > 1 && process != supervisor; ++depth) {
        const auto known = processes_.find(process);
        if (known != processes_.end())
            return known->second;
        process = parent;
        try {
            parent = proc_status(process).parent;
        } catch (const CallFailed &) {
            break;
        }
    }
    return initial_;
}

std::optional<Credentials> ProcessTable::remembered(pid_t thread)
{
    const auto now = Clock::now();
    if (now - answers_since_ > std::chrono::seconds{1}) {
        answers_.clear();
        answers_since_ = now;
    }
    const auto answer = answers_.find(thread);
    return answer == answers_.end() ? std::nullopt : std::optional{answer->second};
}

void ProcessTable::forget_answers()
{
    answers_.clear();
    ++changes_;
}

Credentials ProcessTable::of(pid_t thread)
{
    if (all_initial())
        return initial_;
    std::unique_lock lock{mutex_};
    if (auto answer = remembered(thread))
        return *std::move(answer);
    const auto changes = changes_;
    lock.unlock();
    const auto status = proc_status(thread);
    lock.lock();
    const auto known = processes_.find(status.process);
    auto found = known != processes_.end() ? known->second : find(status.process, status.parent);
    if (known == processes_.end() && found != initial_) {
        processes_[status.process] = found;
        known_ = processes_.size();
    }
    if (changes == changes_)
        answers_[thread] = found;
    return found;
}

void ProcessTable::settle_children(pid_t process, const Credentials &credentials)
{
    for (const pid_t child : children_of(process))
        processes_.try_emplace(child, credentials);
}

void ProcessTable::change(pid_t thread, const std::function<void(Credentials &)> &body)
{
    const auto status = proc_status(thread);
    const std::scoped_lock lock{mutex_};
    const auto before = find(status.process, status.parent);
    auto after = before;
    body(after);
    if (after == before)
        return;
    settle_children(status.process, before);
    processes_[status.process] = std::move(after);
    known_ = processes_.size();
    forget_answers();
}

void ProcessTable::forget(pid_t thread)
{
    if (all_initial())
        return;
    const auto status = proc_status(thread);
    const std::scoped_lock lock{mutex_};
    const auto known = processes_.find(status.process);
    const auto had = find(status.process, status.parent);
    if (had != initial_)
        settle_children(status.process, had);
    if (known != processes_.end())
        processes_.erase(known);
    known_ = processes_.size();
    answers_.erase(thread);
}

} // namespace mica::sandbox
