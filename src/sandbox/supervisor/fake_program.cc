#include "sandbox/supervisor/fake_program.hh"

#include <array>
#include <fcntl.h>
#include <unistd.h>

namespace mica::sandbox {
namespace {

/// The kernel ignores the bits of scripts.
bool is_script(int program)
{
    const Fd file{::open(own_link(program).c_str(), O_RDONLY | O_CLOEXEC)};
    std::array<char, 2> start{};
    return file && ::pread(file.get(), start.data(), start.size(), 0) == 2 && start[0] == '#' &&
           start[1] == '!';
}

} // namespace

void become_program(const FakeWorld &world, pid_t thread, int program)
{
    const auto shown = world.look(program);
    constexpr unsigned set_group = S_ISGID | S_IXGRP;
    const bool sets_user = (shown.stx_mode & S_ISUID) != 0;
    const bool sets_group = (shown.stx_mode & set_group) == set_group;
    const bool can_run = S_ISREG(shown.stx_mode) && (shown.stx_mode & 0111U) != 0;
    if ((!sets_user && !sets_group) || !can_run || is_script(program))
        return;
    world.processes().change(thread, [&](Credentials &who) {
        if (sets_user)
            who.user.effective = shown.stx_uid;
        if (sets_group)
            who.group.effective = shown.stx_gid;
        who.user.saved = who.user.filesystem = who.user.effective;
        who.group.saved = who.group.filesystem = who.group.effective;
    });
}

void fake_program(Dispatch &dispatch, const FakeWorld &world)
{
    // Root gains nothing by it that would be seen.
    const auto is_plain_root = [&world] {
        return world.processes().all_initial() && world.processes().initial().user == Ids::all(0);
    };
    dispatch.on("execve", [&world, is_plain_root](SystemCall &call) {
        if (!is_plain_root())
            become_program(world, call.thread(), world.paths().find(call, {AT_FDCWD, call.text(0)}).get());
        return Reply::pass();
    });
    dispatch.on("execveat", [&world, is_plain_root](SystemCall &call) {
        const unsigned flags = call.word(4);
        if (!is_plain_root())
            become_program(world, call.thread(),
                           world.paths()
                               .find(call, {call.integer(0), call.text(1), (flags & AT_SYMLINK_NOFOLLOW) == 0,
                                            (flags & AT_EMPTY_PATH) != 0})
                               .get());
        return Reply::pass();
    });
}

} // namespace mica::sandbox
