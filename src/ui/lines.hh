#pragma once
/// @file
/// A program's output, chunk by chunk, as the lines that a terminal would show.
#include <string>
#include <string_view>
#include <vector>

namespace mica::ui {

/// Cuts at newlines. A carriage return starts its line anew, as progress bars do:
/// only the last version counts. A line without end is cut at 16 KiB.
class LineSplitter {
public:
    /// The lines that `bytes` completes.
    [[nodiscard]] std::vector<std::string> feed(std::string_view bytes);
    /// What has no newline yet; then the splitter is empty.
    [[nodiscard]] std::string take_rest();

private:
    void complete(std::vector<std::string> &lines);

    std::string line_;
};

} // namespace mica::ui
