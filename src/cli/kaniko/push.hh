#pragma once
/// @file
/// `executor push`: an image that was written to a file, to registries.
#include "cli/environment.hh"
#include "cli/kaniko/flag.hh"
#include "cli/kaniko/log_options.hh"
#include "cli/kaniko/registry_flags.hh"
#include "oci/reference.hh"
#include <string>
#include <vector>

namespace mica::cli::kaniko {

struct PushOptions {
    std::string image; ///< an OCI layout's directory, or an archive of Docker's
    std::vector<oci::Reference> destinations;
    RegistryFlags registry;
    LogOptions log;
};

/// The table; it writes into `into`, which must outlive it.
[[nodiscard]] Program push_program(PushOptions &into);

/// The place in the form that `mica push` has it.
[[nodiscard]] std::string place_of(const std::string &image);

/// `arguments` without "push". The exit status. Throws Error for a command line that cannot be understood.
[[nodiscard]] int run_push(const std::vector<std::string> &arguments, const Environment &environment);

} // namespace mica::cli::kaniko
