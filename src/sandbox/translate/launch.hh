#pragma once
/// @file
/// What a call of execve(2) is to become where the kernel looks into another root directory.
#include "io/fd.hh"
#include "sandbox/supervisor/fake_world.hh"
#include "sandbox/supervisor/system_call.hh"
#include "sandbox/translate/program_file.hh"
#include "sandbox/translate/translated_paths.hh"
#include <string>
#include <vector>

namespace mica::sandbox {

struct Launch {
    std::string name;     ///< the program's name as the call has it
    std::string seen;     ///< the executed program's path as the command sees it (/proc/PID/exe)
    std::string executed; ///< the path that the kernel gets: the program, or its loader
    /// Of a script: its interpreter, perhaps an argument, its name; they replace the first word of the
    /// command.
    std::vector<std::string> words;
    Fd file; ///< the program, open as O_PATH
    Fd readable;
    ElfProgram program;
    ElfProgram loader; ///< if the program has one

    [[nodiscard]] bool is_dynamic() const { return !program.interpreter.empty(); }
};

/// Throws CallFailed with what execve(2) would have said.
[[nodiscard]] Launch plan_launch(const SystemCall &call, const FileName &name, const TranslatedPaths &paths,
                                 const FakeWorld &world);

} // namespace mica::sandbox
