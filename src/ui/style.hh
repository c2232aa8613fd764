#pragma once
/// @file
/// Colours of a terminal, or none.
#include <fmt/format.h>
#include <string>
#include <string_view>

namespace mica::ui {

/// Wraps text in SGR sequences when colours are wanted.
class Style {
public:
    explicit Style(bool color) : color_{color} {}

    [[nodiscard]] std::string red(std::string_view text) const { return wrap("31", text); }
    [[nodiscard]] std::string yellow(std::string_view text) const { return wrap("33", text); }
    [[nodiscard]] std::string blue(std::string_view text) const { return wrap("34", text); }
    [[nodiscard]] std::string dim(std::string_view text) const { return wrap("2", text); }

private:
    [[nodiscard]] std::string wrap(std::string_view code, std::string_view text) const
    {
        return color_ ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string{text};
    }

    bool color_;
};

} // namespace mica::ui
