#include "sandbox/supervisor/fake_root.hh"

#include "sandbox/supervisor/fake_attributes.hh"
#include "sandbox/supervisor/fake_capabilities.hh"
#include "sandbox/supervisor/fake_creation.hh"
#include "sandbox/supervisor/fake_ids.hh"
#include "sandbox/supervisor/fake_owner.hh"
#include "sandbox/supervisor/fake_program.hh"
#include "sandbox/supervisor/fake_status.hh"
#include <array>
#include <cerrno>
#include <linux/prctl.h>

namespace mica::sandbox {
namespace {

/// Succeeds for root, and changes nothing that counts here. A process that cannot be dumped could
/// not be read by the supervisor either.
constexpr std::array ignored_options{PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_SECUREBITS, PR_CAP_AMBIENT};

} // namespace

void fake_root(Dispatch &dispatch, const FakeWorld &world)
{
    fake_ids(dispatch, world.processes());
    if (world.kernel_finishes())
        fake_program(dispatch, world);
    else
        fake_capabilities(dispatch, world.processes());
    fake_status(dispatch, world);
    fake_owner(dispatch, world);
    fake_creation(dispatch, world);
    fake_attributes(dispatch, world);
    for (const int option : ignored_options)
        dispatch.answer("prctl", 0, When{0, static_cast<std::uint32_t>(option), true});
    // Files reached by it would pass us by. container_filter() says EPERM; programs fall back from ENOSYS
    // too.
    for (const char *name : {"io_uring_setup", "io_uring_enter", "io_uring_register"})
        dispatch.answer(name, ENOSYS);
}

} // namespace mica::sandbox
