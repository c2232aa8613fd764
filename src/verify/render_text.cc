#include "base/text.hh"
#include "verify/printable.hh"
#include "verify/report.hh"
#include <fmt/format.h>

namespace mica::verify {

namespace {

constexpr std::size_t longest_value = 300;

std::string value(const std::optional<std::string> &text)
{
    if (!text)
        return "(none)";
    auto shown = printable(*text, false);
    if (shown.size() > longest_value)
        shown = fmt::format("{}… ({} bytes)", cut_utf8(shown, longest_value), text->size());
    return shown.empty() ? std::string{"\"\""} : shown;
}

void put_cause(std::string &out, const std::optional<Cause> &cause, std::string_view indent)
{
    if (cause)
        out += fmt::format("{}probably: {} [{}]\n", indent, cause->sentence, cause->code);
}

void put_property(std::string &out, const Property &property, std::string_view indent)
{
    out += fmt::format("{}{}: {} → {}\n", indent, printable(property.name, false), value(property.left),
                       value(property.right));
    put_cause(out, property.cause, std::string{indent} + "  ");
}

void put_section(std::string &out, std::string_view title, const std::vector<Property> &properties)
{
    if (properties.empty())
        return;
    out += fmt::format("  {}\n", title);
    for (const auto &property : properties)
        put_property(out, property, "    ");
}

void put_file(std::string &out, const FileDifference &file)
{
    out += fmt::format("    /{}\n", printable(file.path, false));
    for (const auto &property : file.properties)
        put_property(out, property, "      ");
    put_cause(out, file.cause, "      ");
    for (const auto &detail : file.details) {
        out += fmt::format("      {}:\n", printable(detail.title, false));
        for (const auto line : split(detail.text, '\n'))
            if (!line.empty())
                out += fmt::format("        {}\n", printable(line, false));
    }
}

std::string number(const std::optional<std::size_t> &layer)
{
    return layer ? std::to_string(*layer + 1) : std::string{"-"};
}

void put_layer(std::string &out, const LayerDifference &layer)
{
    const auto title = layer.left == layer.right
                           ? fmt::format("layer {}", number(layer.left))
                           : fmt::format("layer {} → {}", number(layer.left), number(layer.right));
    out += fmt::format("  {}: {}\n", title,
                       layer.created_by.empty() ? "(no history)" : printable(layer.created_by, false));
    for (const auto &property : layer.properties)
        put_property(out, property, "    ");
    put_cause(out, layer.cause, "    ");
    for (const auto &file : layer.files)
        put_file(out, file);
    if (layer.files_left_out > 0)
        out += fmt::format("    … and {} more files\n", layer.files_left_out);
}

} // namespace

std::string render_text(const Report &report)
{
    if (report.same())
        return {};
    auto out = fmt::format("--- {} {}\n+++ {} {}\n", printable(report.left.name, false), report.left.digest,
                           printable(report.right.name, false), report.right.digest);
    if (!report.index.empty()) {
        out += "index\n";
        for (const auto &property : report.index)
            put_property(out, property, "  ");
    }
    for (const auto &image : report.images) {
        out += fmt::format("{} ({} layers are the same)\n", image.platform, image.same_layers);
        put_section(out, "manifest", image.manifest);
        put_section(out, "configuration", image.config);
        put_section(out, "history", image.history);
        for (const auto &layer : image.layers)
            put_layer(out, layer);
    }
    return out;
}

} // namespace mica::verify
