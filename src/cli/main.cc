#include "cli/command_line.hh"
#include "cli/signals.hh"
#include "sandbox/sandbox.hh"
#include <exception>
#include <string>
#include <unistd.h>

int main(int argc, char **argv)
{
    mica::cli::reset_signals();
    if (const auto status = mica::sandbox::child_main(argc, argv))
        return *status;
    try {
        const std::string name = argc > 0 ? argv[0] : "mica";
        return mica::cli::run(name, {argv + (argc > 0 ? 1 : 0), argv + argc},
                              mica::cli::Environment::of_process());
    } catch (const std::exception &) {
        return 1; // standard error itself cannot be written to
    }
}
