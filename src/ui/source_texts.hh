#pragma once
/// @file
/// The texts that spans point into, as they were published.
#include "base/event.hh"
#include <fmt/format.h>
#include <map>
#include <string>
#include <string_view>

namespace mica::ui {

class SourceTexts {
public:
    void add(const event::SourceText &source) { texts_[source.file] = source.text; }
    /// The text behind an error's span; empty if there is none.
    [[nodiscard]] std::string_view of(const Error &error) const
    {
        if (!error.where())
            return {};
        const auto found = texts_.find(error.where()->file);
        return found == texts_.end() ? std::string_view{} : std::string_view{found->second};
    }

private:
    std::map<std::string, std::string> texts_;
};

/// " (Dockerfile:3)", or nothing for no place.
[[nodiscard]] inline std::string place_suffix(const SourceSpan &span)
{
    if (span.first_line == 0)
        return {};
    return fmt::format(" ({}:{})", span.file.empty() ? "Dockerfile" : span.file, span.first_line);
}

} // namespace mica::ui
