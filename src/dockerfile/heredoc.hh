#pragma once
/// @file
/// Heredoc words: [fd]<<[-]DELIMITER.
#include "dockerfile/ast.hh"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mica::dockerfile {

/// The heredoc that a word opens, with no body; nothing if it opens none. Throws
/// Error (dockerfile) for a delimiter whose quotes make no sense.
[[nodiscard]] std::optional<Heredoc> parse_heredoc_word(std::string_view word);
/// Those of a command line, in order.
[[nodiscard]] std::vector<Heredoc> heredocs_of_line(std::string_view line);
/// Without the leading tabs of each line.
[[nodiscard]] std::string strip_leading_tabs(std::string_view body);

} // namespace mica::dockerfile
