#include "base/text.hh"
#include "verify/printable.hh"
#include "verify/report.hh"
#include <fmt/format.h>

namespace mica::verify {

namespace {

/// The whole style: the page asks nobody for anything, and says so to the browser.
constexpr std::string_view head = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>mica diff</title>
<style>
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --gone: #d1242f; --new: #1a7f37; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.2rem; margin-top: 2rem; } h3 { font-size: 1rem; margin-bottom: .3rem; }
code, pre, td.value { font-family: ui-monospace, monospace; font-size: .85rem; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; table-layout: fixed; }
th, td { border: 1px solid var(--line); padding: .25rem .5rem; text-align: left; vertical-align: top; }
th { background: var(--soft); font-weight: 600; } th:first-child { width: 22%; }
pre { background: var(--soft); border: 1px solid var(--line); padding: .5rem; overflow-x: auto; margin: .3rem 0; }
.gone { color: var(--gone); } .new { color: var(--new); } .none { opacity: .5; }
.cause { border-left: 3px solid #bf8700; padding: .1rem .6rem; margin: .4rem 0; }
details { border: 1px solid var(--line); border-radius: 4px; margin: .4rem 0; padding: .3rem .6rem; }
summary { cursor: pointer; font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
.badge { background: var(--soft); border: 1px solid var(--line); border-radius: 1rem; padding: 0 .5rem; font: .75rem system-ui; }
</style>
</head>
<body>
)";

std::string escape(std::string_view text)
{
    std::string out;
    for (const char c : printable(text, true)) {
        switch (c) {
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '&':
            out += "&amp;";
            break;
        case '"':
            out += "&quot;";
            break;
        default:
            out += c;
        }
    }
    return out;
}

std::string cell(const std::optional<std::string> &value)
{
    return value ? fmt::format("<td class=\"value\">{}</td>", escape(*value))
                 : std::string{"<td class=\"value none\">none</td>"};
}

void put_cause(std::string &out, const std::optional<Cause> &cause)
{
    if (cause)
        out += fmt::format("<p class=\"cause\">{} <span class=\"badge\">{}</span></p>\n",
                           escape(cause->sentence), escape(cause->code));
}

void put_properties(std::string &out, const std::vector<Property> &properties)
{
    if (properties.empty())
        return;
    out += "<table><tr><th>what</th><th>left</th><th>right</th></tr>\n";
    for (const auto &property : properties) {
        out += fmt::format("<tr><td>{}", escape(property.name));
        put_cause(out, property.cause);
        out += fmt::format("</td>{}{}</tr>\n", cell(property.left), cell(property.right));
    }
    out += "</table>\n";
}

void put_section(std::string &out, std::string_view title, const std::vector<Property> &properties)
{
    if (properties.empty())
        return;
    out += fmt::format("<h3>{}</h3>\n", title);
    put_properties(out, properties);
}

void put_detail(std::string &out, const Detail &detail)
{
    out += fmt::format("<div>{}</div><pre>", escape(detail.title));
    for (const auto line : split(detail.text, '\n')) {
        const char *style = line.starts_with('-') ? "gone" : line.starts_with('+') ? "new" : "";
        out += *style != 0 ? fmt::format("<span class=\"{}\">{}</span>\n", style, escape(line))
                           : escape(line) + "\n";
    }
    out += "</pre>\n";
}

void put_file(std::string &out, const FileDifference &file, bool open)
{
    out += fmt::format("<details{}><summary>/{}", open ? " open" : "", escape(file.path));
    if (file.cause)
        out += fmt::format(" <span class=\"badge\">{}</span>", escape(file.cause->code));
    out += "</summary>\n";
    put_cause(out, file.cause);
    put_properties(out, file.properties);
    for (const auto &detail : file.details)
        put_detail(out, detail);
    out += "</details>\n";
}

std::string number(const std::optional<std::size_t> &layer)
{
    return layer ? std::to_string(*layer + 1) : std::string{"none"};
}

void put_layer(std::string &out, const LayerDifference &layer)
{
    out +=
        fmt::format("<h3>Layer {}{}: <code>{}</code></h3>\n", number(layer.left),
                    layer.left == layer.right ? "" : " → " + number(layer.right), escape(layer.created_by));
    put_cause(out, layer.cause);
    put_properties(out, layer.properties);
    constexpr std::size_t few = 20;
    for (const auto &file : layer.files)
        put_file(out, file, layer.files.size() <= few);
    if (layer.files_left_out > 0)
        out += fmt::format("<p>… and {} more files</p>\n", layer.files_left_out);
}

} // namespace

std::string render_html(const Report &report)
{
    std::string out{head};
    out += fmt::format("<h1>{}</h1>\n", report.same() ? "The images are the same" : "The images differ");
    out += fmt::format(
        "<table><tr><th></th><th>name</th><th>digest</th></tr>"
        "<tr><td>left</td><td class=\"value\">{}</td><td class=\"value\">{}</td></tr>"
        "<tr><td>right</td><td class=\"value\">{}</td><td class=\"value\">{}</td></tr></table>\n",
        escape(report.left.name), report.left.digest, escape(report.right.name), report.right.digest);
    put_section(out, "Index", report.index);
    for (const auto &image : report.images) {
        out += fmt::format("<h2>{}</h2>\n<p>{} layers are the same.</p>\n", escape(image.platform),
                           image.same_layers);
        put_section(out, "Manifest", image.manifest);
        put_section(out, "Configuration", image.config);
        put_section(out, "History", image.history);
        for (const auto &layer : image.layers)
            put_layer(out, layer);
    }
    return out + "</body>\n</html>\n";
}

} // namespace mica::verify
