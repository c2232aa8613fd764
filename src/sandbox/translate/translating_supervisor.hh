#pragma once
/// @file
/// The supervisor of one command whose root directory is translated. Lives in the command's first process.
#include "io/fd.hh"
#include "sandbox/chroot/supervised_tree.hh"
#include "sandbox/chroot/virtual_proc.hh"
#include "sandbox/command_supervisor.hh"
#include "sandbox/init_plan.hh"
#include "sandbox/supervisor/fake_world.hh"
#include "sandbox/supervisor/supervisor.hh"
#include "sandbox/translate/file_world.hh"
#include "sandbox/translate/handed_files.hh"
#include "sandbox/translate/program_table.hh"
#include "sandbox/translate/traced_calls.hh"
#include "sandbox/translate/tracer.hh"
#include "sandbox/translate/translated_paths.hh"
#include <optional>
#include <sys/types.h>

namespace mica::sandbox {

class TranslatingSupervisor final : public CommandSupervisor {
public:
    /// The plan has records and a translation.
    explicit TranslatingSupervisor(InitPlan &plan);

    void in_child() override { ours_.reset(); }
    void start(pid_t command) override;
    [[nodiscard]] int wait(pid_t command) override;
    void finish() override;

private:
    void attach(const RunRequest &request);

    InitPlan &plan_;
    SupervisedTree tree_;
    VirtualProc proc_;
    ProgramTable programs_;
    TranslatedPaths paths_;
    ProcessTable processes_;
    FakeWorld fake_;
    HandedFiles handed_;
    TracedCalls traced_;
    Tracer tracer_;
    Dispatch dispatch_;
    Fd ours_;
    std::optional<Supervisor> supervisor_;
};

} // namespace mica::sandbox
