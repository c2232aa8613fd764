#include "oracle/plan_ops.hh"
#include "dockerfile/parser.hh"
#include "oci/json.hh"
#include "oracle/fixed_base.hh"
#include "plan/check.hh"
#include "plan/outline.hh"
#include "plan/targets.hh"
#include <map>
#include <string>

namespace mica::oracle {
namespace {

using nlohmann::json;

plan::PlanOptions options_of(const json &request)
{
    plan::PlanOptions options;
    options.platform = options.build_platform = {"linux", "amd64", "", "", {}};
    options.network_host_allowed = options.security_insecure_allowed = true;
    options.device_allowed = [](const std::string &) { return true; };
    options.checks = false;
    options.build_args = request.value("build_args", std::map<std::string, std::string>{});
    options.labels = request.value("labels", std::map<std::string, std::string>{});
    return options;
}

struct File {
    dockerfile::Ast ast;
    dockerfile::Program program;
};

File read(const json &request)
{
    File file;
    file.ast = dockerfile::parse(request.at("input").get<std::string>(), "Dockerfile");
    file.program = dockerfile::parse_program(file.ast);
    return file;
}

json lines_of(const SourceSpan &where)
{
    auto lines = json::array();
    for (auto line = where.first_line; line <= std::max(where.first_line, where.last_line); ++line)
        lines.push_back({line, line});
    return lines;
}

json location(const SourceSpan &where)
{
    auto ranges = json::array();
    for (const auto &line : lines_of(where))
        ranges.push_back({{"start", {{"line", line[0]}}}, {"end", {{"line", line[1]}}}});
    return {{"ranges", ranges}};
}

json image(const json &request)
{
    const auto file = read(request);
    FixedBase base;
    const auto plan = plan::make_plan(file.program, file.ast, options_of(request), base);
    return {{"image", json::parse(oci::to_json(plan.stages.at(plan.target).config))}};
}

json lint(const json &request)
{
    FixedBase base;
    const auto ast = dockerfile::parse(request.at("input").get<std::string>(), "Dockerfile");
    const auto report = plan::check_dockerfile(ast, options_of(request), base);
    auto warnings = json::array();
    for (const auto &warning : report.warnings)
        warnings.push_back(
            {{"rule", warning.rule}, {"detail", warning.detail}, {"lines", lines_of(warning.where)}});
    json answer{{"warnings", warnings}};
    if (report.error)
        answer["build_error"] = report.error->message();
    return answer;
}

/// A file that does not parse has no remarks, but an answer.
json lint_or_error(const json &request)
try {
    return lint(request);
} catch (const Error &error) {
    return {{"warnings", json::array()}, {"build_error", error.message()}};
}

json needs(const std::vector<plan::Outline::Need> &list)
{
    auto out = json::array();
    for (const auto &need : list)
        out.push_back({{"name", need.id}, {"required", need.required}, {"location", location(need.where)}});
    return out;
}

json outline(const json &request)
{
    const auto file = read(request);
    FixedBase base;
    const auto made = plan::make_outline(file.program, file.ast, options_of(request), base);
    auto args = json::array();
    for (const auto &argument : made.arguments)
        args.push_back({{"name", argument.name},
                        {"description", argument.description},
                        {"value", argument.value},
                        {"location", location(argument.where)}});
    return {{"outline",
             {{"name", made.name},
              {"description", made.description},
              {"args", args},
              {"secrets", needs(made.secrets)},
              {"ssh", needs(made.ssh)}}}};
}

json targets(const json &request)
{
    auto list = json::array();
    const auto ast = dockerfile::parse(request.at("input").get<std::string>(), "Dockerfile");
    for (const auto &target : plan::list_targets(dockerfile::parse_instructions(ast)))
        list.push_back({{"name", target.name},
                        {"description", target.description},
                        {"default", target.is_default},
                        {"base", target.base},
                        {"platform", target.platform},
                        {"location", location(target.where)}});
    return {{"targets", {{"targets", list}}}};
}

} // namespace

std::optional<nlohmann::json> answer_plan_op(const nlohmann::json &request)
{
    const auto &op = request.at("op");
    if (op == "image")
        return image(request);
    if (op == "lint")
        return lint_or_error(request);
    if (op == "outline")
        return outline(request);
    if (op == "targets")
        return targets(request);
    return std::nullopt;
}

} // namespace mica::oracle
