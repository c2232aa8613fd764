#pragma once
/// @file
/// What two images differ in, as values; renderers make text, JSON or a page of it.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mica::verify {

/// Why something probably differs: `code` for programs, `sentence` for people. docs/reproducible.md
/// lists all codes. A guess, as only the results of two builds are seen.
struct Cause {
    std::string code, sentence;
    bool operator==(const Cause &) const = default;
};

/// One value on both sides; nullopt: that side has none.
struct Property {
    std::string name;
    std::optional<std::string> left, right;
    std::optional<Cause> cause{};
};

/// A closer look: a unified diff, members of an archive, sections of a program.
struct Detail {
    std::string title, text;
};

struct FileDifference {
    std::string path; ///< as in a layer: no leading slash; "" is the root
    std::vector<Property> properties;
    std::vector<Detail> details{};
    std::optional<Cause> cause{};
};

/// A layer of each side that were made by the same step, or one that only one side has.
struct LayerDifference {
    std::optional<std::size_t> left, right; ///< counted from 0, lowest first
    std::string created_by;                 ///< the instruction, from the history
    std::vector<Property> properties;
    std::vector<FileDifference> files{};
    std::uint64_t files_left_out = 0; ///< that differ too, beyond what a report holds
    std::optional<Cause> cause{};
};

/// Two images of one platform.
struct ImageDifference {
    std::string platform;
    std::vector<Property> manifest, config, history;
    std::vector<LayerDifference> layers;
    std::size_t same_layers = 0;

    [[nodiscard]] bool same() const
    {
        return manifest.empty() && config.empty() && history.empty() && layers.empty();
    }
};

struct Side {
    std::string name, digest;
};

struct Report {
    Side left, right;
    std::vector<Property> index;         ///< what the lists of platforms differ in
    std::vector<ImageDifference> images; ///< only those that differ

    [[nodiscard]] bool same() const { return index.empty() && images.empty(); }
};

/// For terminals and mails. Control characters of names and texts are escaped.
[[nodiscard]] std::string render_text(const Report &report);
/// One object; docs/formats.md, "Report of mica diff".
[[nodiscard]] std::string render_json(const Report &report);
/// One page that needs nothing else: no script, no font, no picture from anywhere.
[[nodiscard]] std::string render_html(const Report &report);

} // namespace mica::verify
