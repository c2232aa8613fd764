#pragma once
/// @file
/// --call and --check: what was asked, and the answers as text or JSON. Pure.
#include "plan/check.hh"
#include "plan/outline.hh"
#include "plan/targets.hh"
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mica::cli {

enum class CallMethod : std::uint8_t { build, check, outline, targets };

struct Call {
    CallMethod method = CallMethod::build;
    bool json = false;
};

/// "METHOD[,format=text|json]"; "lint" is check. Throws Error (usage) with "did you mean".
[[nodiscard]] Call parse_call(std::string_view text);

/// What goes to standard output, and the status to exit with: 1 when a check found something.
struct CallReport {
    std::string text;
    int status = 0;
};

/// `source` is the Dockerfile's text, for excerpts. The JSON has the fields of BuildKit's
/// subrequests.
[[nodiscard]] CallReport report(const plan::CheckReport &answer, const std::string &source, bool json);
[[nodiscard]] CallReport report(const plan::Outline &answer, const std::string &source, bool json);
[[nodiscard]] CallReport report(const std::vector<plan::TargetInfo> &answer, const std::string &source,
                                bool json);

} // namespace mica::cli
