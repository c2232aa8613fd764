#pragma once
/// @file
/// A closer look at two files whose bytes differ: text, archives, compressed files, programs.
#include "verify/report.hh"
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace mica::verify {

struct Inside {
    std::vector<Detail> details;
    /// What was seen, for a guess of the cause: "text", "gzip", "gzip-header", "archive",
    /// "archive-times", "archive-owners", "archive-order", "archive-content", "elf", "elf-build-id",
    /// "elf-debug", "elf-comment", "elf-code", "elf-data", "pyc", "pyc-time", "binary".
    std::set<std::string> seen;
    /// The text that differs most tellingly, for a guess: of a text file itself, else of a
    /// compressed one, a member, or the strings of a program.
    std::string left_text, right_text;
};

/// Looks one level deep: into an archive, not into archives in it. Reads at most 64 MiB of
/// what either file unpacks to, and never fails for what is broken inside: that is then binary.
[[nodiscard]] Inside look_inside(std::string_view path, std::string_view left, std::string_view right);

} // namespace mica::verify
