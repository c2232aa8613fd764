#include "ui/lines.hh"

#include <algorithm>
#include <utility>

namespace mica::ui {

namespace {

constexpr std::size_t longest_line = std::size_t{16} << 10;

/// The text after the last carriage return that does not end the line.
std::string last_version(std::string line)
{
    while (line.ends_with('\r'))
        line.pop_back();
    const auto back = line.rfind('\r');
    return back == std::string::npos ? std::move(line) : line.substr(back + 1);
}

} // namespace

std::vector<std::string> LineSplitter::feed(std::string_view bytes)
{
    std::vector<std::string> lines;
    while (!bytes.empty()) {
        const auto newline = bytes.find('\n');
        const auto part = bytes.substr(0, std::min(newline, longest_line - line_.size()));
        line_ += part;
        bytes.remove_prefix(part.size());
        if (bytes.starts_with('\n')) {
            bytes.remove_prefix(1);
            complete(lines);
        } else if (line_.size() >= longest_line) {
            complete(lines);
        }
    }
    return lines;
}

std::string LineSplitter::take_rest()
{
    return last_version(std::exchange(line_, {}));
}

void LineSplitter::complete(std::vector<std::string> &lines)
{
    lines.push_back(take_rest());
}

} // namespace mica::ui
