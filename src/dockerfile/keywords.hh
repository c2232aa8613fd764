#pragma once
/// @file
/// The instructions of the language and the form of their arguments.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace mica::dockerfile {

enum class ArgumentForm : std::uint8_t {
    words,       ///< separated by blanks
    text,        ///< the rest as it is
    json_text,   ///< a JSON array, else the rest as it is
    json_words,  ///< a JSON array, else words
    assignments, ///< k=v words with quotes, or the old "k rest"
    quoted_words,
    health, ///< a word, then as json_text
    nested  ///< an instruction
};

/// Nothing for an unknown keyword; `keyword` is in lower case.
[[nodiscard]] std::optional<ArgumentForm> argument_form(std::string_view keyword);
/// In upper case.
[[nodiscard]] std::span<const std::string> instruction_names();
/// RUN, COPY and ADD may open heredocs.
[[nodiscard]] bool takes_heredocs(std::string_view keyword);

} // namespace mica::dockerfile
