#pragma once
/// @file
/// The exec form: a JSON array of strings, as RUN ["a", "b"] has it.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mica::dockerfile {

struct JsonArray {
    std::vector<std::string> strings;
    bool only_strings = true; ///< false: valid JSON, but some element is no string
};

/// Nothing if the text is no JSON array or anything but blanks follows it: such a
/// text is a command for the shell. Bytes that are no UTF-8 pass; an unpaired
/// surrogate becomes U+FFFD. Linear time, nesting bounded.
[[nodiscard]] std::optional<JsonArray> parse_json_array(std::string_view text);

} // namespace mica::dockerfile
