#include "cli/call_report.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "ui/diagnostics.hh"
#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <optional>

namespace mica::cli {

namespace {

using Json = nlohmann::ordered_json;

Json range_of(const SourceSpan &where)
{
    return {{"start", {{"line", where.first_line}}},
            {"end", {{"line", std::max(where.first_line, where.last_line)}}}};
}

Json location(const SourceSpan &where)
{
    return {{"sourceIndex", 0}, {"ranges", Json::array({range_of(where)})}};
}

void set_if(Json &object, const char *key, const std::string &value)
{
    if (!value.empty())
        object[key] = value;
}

std::string dump(const Json &json)
{
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

/// The lines of a remark, marked, with two around them.
std::string excerpt(const SourceSpan &where, const std::string &source)
{
    if (where.first_line == 0)
        return {};
    constexpr std::uint32_t around = 2;
    const auto lines = split(source, '\n');
    const std::uint32_t last_marked = std::max(where.first_line, where.last_line);
    std::string text = fmt::format("{}:{}\n", where.file, where.first_line);
    const std::uint32_t first = where.first_line > around ? where.first_line - around : 1;
    for (std::uint32_t line = first; line <= last_marked + around && line <= lines.size(); ++line) {
        const bool marked = line >= where.first_line && line <= last_marked;
        text += fmt::format("{:4} | {} {}\n", line, marked ? ">>>" : "   ", trim(lines[line - 1], "\r"));
    }
    return text;
}

/// Columns as wide as their widest cell.
std::string table(const std::vector<std::vector<std::string>> &rows)
{
    std::vector<std::size_t> widths;
    for (const auto &row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], row[i].size());
    }
    std::string text;
    for (const auto &row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i)
            line += fmt::format("{:<{}}   ", row[i], widths[i]);
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + "\n";
    }
    return text;
}

Json check_json(const plan::CheckReport &answer)
{
    Json json{{"warnings", Json::array()}};
    for (const auto &warning : answer.warnings)
        json["warnings"].push_back({{"ruleName", warning.rule},
                                    {"description", warning.description},
                                    {"url", warning.url},
                                    {"detail", warning.detail},
                                    {"location", location(warning.where)}});
    if (answer.error) {
        json["buildError"] = {{"message", answer.error->message()}};
        if (answer.error->where())
            json["buildError"]["location"] = location(*answer.error->where());
    }
    return json;
}

Json needs_json(const std::vector<plan::Outline::Need> &needs)
{
    Json list = Json::array();
    for (const auto &need : needs) {
        Json item{{"name", need.id}};
        if (need.required)
            item["required"] = true;
        item["location"] = location(need.where);
        list.push_back(std::move(item));
    }
    return list;
}

Json outline_json(const plan::Outline &answer)
{
    Json json = Json::object();
    set_if(json, "name", answer.name);
    set_if(json, "description", answer.description);
    json["args"] = Json::array();
    for (const auto &argument : answer.arguments) {
        Json item{{"name", argument.name}};
        set_if(item, "description", argument.description);
        set_if(item, "value", argument.value);
        item["location"] = location(argument.where);
        json["args"].push_back(std::move(item));
    }
    json["secrets"] = needs_json(answer.secrets);
    json["ssh"] = needs_json(answer.ssh);
    return json;
}

std::string needs_text(const std::string &title, const std::vector<plan::Outline::Need> &needs)
{
    if (needs.empty())
        return {};
    std::vector<std::vector<std::string>> rows{{title, "REQUIRED"}};
    for (const auto &need : needs)
        rows.push_back({need.id, need.required ? "true" : ""});
    return "\n" + table(rows);
}

Json targets_json(const std::vector<plan::TargetInfo> &answer)
{
    Json list = Json::array();
    for (const auto &target : answer) {
        Json item = Json::object();
        set_if(item, "name", target.name);
        if (target.is_default)
            item["default"] = true;
        set_if(item, "description", target.description);
        set_if(item, "base", target.base);
        set_if(item, "platform", target.platform);
        item["location"] = location(target.where);
        list.push_back(std::move(item));
    }
    return {{"targets", std::move(list)}};
}

} // namespace

Call parse_call(std::string_view text)
{
    Call call;
    const auto parts = split(text, ',');
    const std::string method{parts.front()};
    if (method == "check" || method == "lint")
        call.method = CallMethod::check;
    else if (method == "outline")
        call.method = CallMethod::outline;
    else if (method == "targets")
        call.method = CallMethod::targets;
    else if (method != "build") {
        const std::vector<std::string> known{"build", "check", "outline", "targets"};
        auto error = Error{ErrorKind::usage, fmt::format("--call has no method \"{}\"", method)};
        const auto near = nearest(method, known);
        error.set_hint(near ? fmt::format("did you mean {}?", *near) : "build, check, outline or targets");
        throw error;
    }
    for (std::size_t i = 1; i < parts.size(); ++i) {
        if (parts[i] == "format=json")
            call.json = true;
        else if (parts[i] != "format=text")
            throw Error{ErrorKind::usage, fmt::format("--call does not know \"{}\"", parts[i])}.with_hint(
                "format=text or format=json");
    }
    return call;
}

CallReport report(const plan::CheckReport &answer, const std::string &source, bool json)
{
    const int status = answer.warnings.empty() && !answer.error ? 0 : 1;
    if (json)
        return {dump(check_json(answer)), status};
    std::string text;
    const auto count = answer.warnings.size();
    if (count == 0 && !answer.error)
        text = "Check complete, no warnings found.\n";
    else if (count > 0)
        text = fmt::format("Check complete, {} {} been found!\n", count,
                           count == 1 ? "warning has" : "warnings have");
    for (const auto &warning : answer.warnings)
        text += fmt::format("\nWARNING: {}{}{}\n{}\n{}", warning.rule, warning.url.empty() ? "" : " - ",
                            warning.url, warning.detail, excerpt(warning.where, source));
    if (answer.error)
        text += (text.empty() ? "" : "\n") + ui::format_error(*answer.error, source, false);
    return {text, status};
}

CallReport report(const plan::Outline &answer, const std::string &, bool json)
{
    if (json)
        return {dump(outline_json(answer)), 0};
    std::string text;
    if (!answer.name.empty())
        text += fmt::format("TARGET: {}\n", answer.name);
    if (!answer.description.empty())
        text += fmt::format("DESCRIPTION: {}\n", answer.description);
    if (!answer.arguments.empty()) {
        std::vector<std::vector<std::string>> rows{{"BUILD ARG", "VALUE", "DESCRIPTION"}};
        for (const auto &argument : answer.arguments)
            rows.push_back({argument.name, argument.value, argument.description});
        text += (text.empty() ? "" : "\n") + table(rows);
    }
    text += needs_text("SECRET", answer.secrets) + needs_text("SSH", answer.ssh);
    return {text, 0};
}

CallReport report(const std::vector<plan::TargetInfo> &answer, const std::string &, bool json)
{
    if (json)
        return {dump(targets_json(answer)), 0};
    std::vector<std::vector<std::string>> rows{{"TARGET", "DESCRIPTION"}};
    for (const auto &target : answer) {
        const std::string name = target.name.empty() ? "(default)" : target.name;
        rows.push_back(
            {target.is_default && !target.name.empty() ? name + " (default)" : name, target.description});
    }
    return {table(rows), 0};
}

} // namespace mica::cli
