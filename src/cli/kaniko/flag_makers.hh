#pragma once
/// @file
/// Rows of the flag tables.
#include "cli/kaniko/flag.hh"
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace mica::cli::kaniko {

/// A value that is kept as it is; the last one counts.
[[nodiscard]] Flag text(char short_name, std::string name, std::string value_name, std::string help,
                        std::string &into);
[[nodiscard]] Flag text(char short_name, std::string name, std::string value_name, std::string help,
                        std::optional<std::string> &into);
/// Given several times, all of them count.
[[nodiscard]] Flag list(char short_name, std::string name, std::string value_name, std::string help,
                        std::vector<std::string> &into);
/// A value with a reader of its own.
[[nodiscard]] Flag value(std::string name, std::string value_name, std::string help,
                         std::function<void(const std::string &)> apply);
[[nodiscard]] Flag truth(std::string name, std::string help, bool &into);

/// A switch that is accepted either way, for `reason`.
[[nodiscard]] Flag idle_switch(std::string name, std::string default_text, std::string reason);
/// A value that is accepted if `check` does (which throws); null: whatever it is.
[[nodiscard]] Flag idle_value(std::string name, std::string value_name, std::string default_text,
                              std::string reason, std::function<void(const std::string &)> check = {});
/// --build-arg, of executor and warmer: a name alone means the variable of that name, and nothing where it is
/// not set. Both arguments outlive the row.
[[nodiscard]] Flag build_arg_flag(std::map<std::string, std::string> &into, const Environment &environment);

/// The row with more said of it.
[[nodiscard]] Flag with_default(Flag flag, std::string text);
[[nodiscard]] Flag with_alias(Flag flag, std::string name);
[[nodiscard]] Flag with_variable(Flag flag, std::string name);
[[nodiscard]] Flag repeated(Flag flag);

/// One after the other.
[[nodiscard]] std::vector<Flag> joined(std::vector<std::vector<Flag>> groups);

} // namespace mica::cli::kaniko
