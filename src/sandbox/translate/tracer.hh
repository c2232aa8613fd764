#pragma once
/// @file
/// Traces the processes of a command (ptrace(2)), for the calls that cannot be made in their place.
#include "sandbox/supervisor/system_call.hh"
#include "sandbox/translate/program_table.hh"
#include "sandbox/translate/traced_calls.hh"
#include <cstdint>
#include <map>
#include <optional>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace mica::sandbox {

/// The kernel knows a tracer by its thread: all of this belongs to one, which also waits for every child of
/// the process. The essay is in the source file.
class Tracer {
public:
    Tracer(const FileWorld &world, TracedCalls &calls, ProgramTable &programs)
        : world_{world}, calls_{calls}, programs_{programs}
    {
    }

    /// A child that has not executed anything yet. Its descendants are traced from the start; all die with
    /// this thread. Throws Error.
    void seize(pid_t command);
    /// Serves until the command has ended; its status, as waitpid(2) gives it.
    [[nodiscard]] int serve(pid_t command);
    /// Kills all that are left, and returns when they are dead.
    void end_everything();

private:
    struct Thread {
        pid_t process = 0;  ///< 0: its parent's event has not come yet
        bool waits = false; ///< for that
        Abi abi{};
        /// Of a call with other arguments: what they were.
        std::vector<std::pair<unsigned, std::uint64_t>> arguments;
        std::optional<Launch> launch; ///< of a call of execve(2)
        bool executed = false;        ///< which did not fail
    };
    /// The status if the thread has ended.
    [[nodiscard]] std::optional<int> handle(pid_t thread, int status);
    void stopped(pid_t thread, int status);
    void event(pid_t thread, unsigned event, int signal);
    void born(pid_t parent, pid_t child, bool is_thread);
    void ended(pid_t thread);
    void executed(pid_t thread);
    void before_call(pid_t thread);
    void rewrite(pid_t thread, const SystemCall &call, Rewriting rewriting);
    void after_call(pid_t thread);
    void finish(pid_t thread);

    FileWorld world_;
    TracedCalls &calls_;
    ProgramTable &programs_;
    std::map<pid_t, Thread> threads_;
};

} // namespace mica::sandbox
