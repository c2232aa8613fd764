#pragma once
/// @file
/// `mica doctor`: which isolation this machine allows, and what would allow a better one.
#include "cli/environment.hh"
#include "cli/option.hh"
#include "sandbox/examine.hh"
#include <filesystem>
#include <optional>
#include <span>
#include <string>

namespace mica::cli {

struct DoctorOptions {
    std::optional<std::filesystem::path> state;
    bool json = false;
};

/// Applying it fills the options, which must outlive it.
[[nodiscard]] CommandSpec doctor_command_spec(DoctorOptions &into);

struct DoctorReport {
    std::string text;
    bool can_build = false; ///< with RUN
};

/// Tries everything; leaves nothing behind but the state directory.
[[nodiscard]] DoctorReport examine(const DoctorOptions &options, const Environment &environment);

/// For people, and as JSON.
[[nodiscard]] std::string doctor_text(std::span<const sandbox::Examined> backends);
[[nodiscard]] std::string doctor_json(std::span<const sandbox::Examined> backends);

} // namespace mica::cli
