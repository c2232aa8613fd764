#pragma once
/// @file
/// The physical lines of a Dockerfile.
#include <cstdint>
#include <optional>
#include <string_view>

namespace mica::dockerfile {

/// Gives the lines one by one with their line ends; a byte order mark before the
/// first one is left out. The text must live as long as the reader.
class LineReader {
public:
    explicit LineReader(std::string_view text) : rest_{text}
    {
        if (rest_.starts_with("\xef\xbb\xbf"))
            rest_.remove_prefix(3);
    }

    /// Nothing at the end of the text.
    [[nodiscard]] std::optional<std::string_view> next()
    {
        if (rest_.empty())
            return std::nullopt;
        const auto end = rest_.find('\n');
        const auto line = rest_.substr(0, end == std::string_view::npos ? end : end + 1);
        rest_.remove_prefix(line.size());
        ++number_;
        return line;
    }
    /// Of the line that next() gave last, from 1.
    [[nodiscard]] std::uint32_t number() const noexcept { return number_; }
    [[nodiscard]] std::string_view rest() const noexcept { return rest_; }

private:
    std::string_view rest_;
    std::uint32_t number_ = 0;
};

/// Line feeds and carriage returns at the end are no part of a line's meaning.
[[nodiscard]] inline std::string_view without_line_end(std::string_view line)
{
    return line.substr(0, line.find_last_not_of("\r\n") + 1);
}

} // namespace mica::dockerfile
