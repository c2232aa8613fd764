#pragma once
/// @file
/// A region at the bottom of a terminal that is redrawn in place.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mica::ui {

/// Emits only what every terminal since the VT100 understands: cursor up, and erase
/// to the end of the screen. The cursor stays visible, so that a killed process
/// leaves a terminal in order.
class Screen {
public:
    /// Writes `finished` (whole lines, they stay) and under it the region anew.
    [[nodiscard]] std::string show(std::string_view finished, const std::vector<std::string> &region)
    {
        std::string out = erase();
        out += finished;
        for (const auto &line : region)
            out += line + "\n";
        drawn_lines_ = region.size();
        return out;
    }
    /// Erases the region for good.
    [[nodiscard]] std::string leave()
    {
        auto out = erase();
        drawn_lines_ = 0;
        return out;
    }

private:
    [[nodiscard]] std::string erase() const
    {
        return drawn_lines_ == 0 ? std::string{} : "\x1b[" + std::to_string(drawn_lines_) + "A\x1b[J";
    }

    std::size_t drawn_lines_ = 0;
};

} // namespace mica::ui
