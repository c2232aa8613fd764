// A test executable whose tests run sandboxes is itself what mica re-executes: before anything
// else it must look whether it is such a child. Boost.Test owns main(), so a constructor does it.
#include "sandbox/sandbox.hh"
#include <unistd.h>

namespace {

__attribute__((constructor)) void serve_if_child(int argc, char **argv)
{
    if (const auto status = mica::sandbox::child_main(argc, argv))
        ::_exit(*status);
}

} // namespace
