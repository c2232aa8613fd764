#include "sandbox/translate/launch.hh"

#include "sandbox/supervisor/reply.hh"
#include <array>
#include <cerrno>
#include <climits>
#include <cstddef>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace mica::sandbox {
namespace {

constexpr std::size_t script_line = 256; ///< BINPRM_BUF_SIZE
constexpr int most_scripts = 5;

/// Opened for us, and allowed to the caller.
Fd open_program(int file, const SystemCall &call, const FakeWorld &world)
{
    const auto shown = world.look(file);
    if (!S_ISREG(shown.stx_mode) || !FakeWorld::may(world.caller(call), shown, X_OK))
        throw CallFailed{EACCES};
    Fd readable{::open(own_link(file).c_str(), O_RDONLY | O_CLOEXEC)};
    if (!readable)
        throw CallFailed{errno};
    return readable;
}

std::optional<Script> script_of(int file)
{
    std::array<char, script_line> start{};
    const auto size = ::pread(file, start.data(), start.size(), 0);
    if (size < 0)
        throw CallFailed{errno};
    return parse_script({start.data(), static_cast<std::size_t>(size)});
}

std::string name_of(const FileName &name)
{
    if (name.path.empty())
        return fmt::format("/dev/fd/{}", name.directory);
    if (name.directory != AT_FDCWD && !name.path.starts_with('/'))
        return fmt::format("/dev/fd/{}/{}", name.directory, name.path);
    return name.path;
}

/// The kernel leaves the path that it was given on the new stack, where there is then room for what it
/// should say: slashes in front make room.
void make_room(Launch &launch)
{
    std::size_t needed = launch.name.size() + 1;
    for (const auto &word : launch.words)
        needed += word.size() + 1;
    if (needed > launch.executed.size() + 1)
        launch.executed.insert(0, needed - launch.executed.size() - 1, '/');
    if (launch.executed.size() >= PATH_MAX)
        throw CallFailed{E2BIG};
}

} // namespace

Launch plan_launch(const SystemCall &call, const FileName &name, const TranslatedPaths &paths,
                   const FakeWorld &world)
{
    Launch launch;
    launch.name = name_of(name);
    auto at = name;
    std::string at_name = launch.name;
    for (int scripts = 0;; ++scripts) {
        launch.file = paths.find(call, at);
        launch.readable = open_program(launch.file.get(), call, world);
        const auto script = script_of(launch.readable.get());
        if (!script)
            break;
        if (scripts == most_scripts)
            throw CallFailed{ELOOP};
        std::vector<std::string> words{script->interpreter};
        if (script->argument)
            words.push_back(*script->argument);
        words.push_back(at_name);
        if (!launch.words.empty())
            words.insert(words.end(), launch.words.begin() + 1, launch.words.end());
        launch.words = std::move(words);
        at = {AT_FDCWD, script->interpreter};
        at_name = script->interpreter;
    }
    launch.program = read_elf(launch.readable.get());
    launch.seen = paths.seen(launch.file.get());
    if (launch.is_dynamic()) {
        const Fd loader = paths.find(call, {AT_FDCWD, launch.program.interpreter});
        launch.loader = read_elf(open_program(loader.get(), call, world).get());
        if (launch.loader.abi != launch.program.abi || !launch.loader.interpreter.empty())
            throw CallFailed{ELIBBAD};
        launch.executed = paths.host_path(loader.get());
    } else {
        launch.executed = paths.path_for_kernel(call, at);
    }
    make_room(launch);
    return launch;
}

} // namespace mica::sandbox
