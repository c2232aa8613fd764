#include "oracle/dockerfile_ops.hh"

#include "base/error.hh"
#include "dockerfile/device_flag.hh"
#include "dockerfile/dump.hh"
#include "dockerfile/instruction.hh"
#include "dockerfile/json_array.hh"
#include "dockerfile/parser.hh"
#include "dockerfile/ports.hh"
#include "dockerfile/words.hh"
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace mica::oracle {

namespace {

using nlohmann::json;
using namespace mica::dockerfile;

char escape_of(const json &request)
{
    const auto text = request.value("escape", std::string{"\\"});
    return text.empty() ? '\\' : text.front();
}

EnvList environment_of(const json &request)
{
    std::vector<std::pair<std::string, std::string>> values;
    for (const auto &[name, value] : request.at("env").items())
        values.emplace_back(name, value.get<std::string>());
    return EnvList{std::move(values)};
}

json answer_word(const json &request)
{
    const auto result = expand_word(request.at("input").get<std::string>(), environment_of(request),
                                    {.escape = escape_of(request)});
    return {{"expected", result.words.front()}, {"matched", result.matched}, {"unmatched", result.unmatched}};
}

json answer_words(const json &request)
{
    const auto result = expand_words(request.at("input").get<std::string>(), environment_of(request),
                                     {.escape = escape_of(request)});
    return {{"expected", result.words}};
}

json answer_split(const json &request)
{
    return {{"expected", split_words(request.at("input").get<std::string>(), escape_of(request))}};
}

json answer_json(const json &request)
{
    const auto array = parse_json_array(request.at("input").get<std::string>());
    if (!array || !array->only_strings)
        return {{"error", "not a JSON array of strings"}};
    return {{"expected", array->strings}};
}

json heredocs_of(const Node &node)
{
    if (node.heredocs.empty())
        return nullptr;
    auto out = json::array();
    for (const auto &heredoc : node.heredocs)
        out.push_back({{"Name", heredoc.name},
                       {"FileDescriptor", heredoc.fd},
                       {"Expand", heredoc.expand},
                       {"Chomp", heredoc.chomp},
                       {"Content", heredoc.raw}});
    return out;
}

json answer_ast(const json &request)
{
    const auto ast = parse(request.at("input").get<std::string>(), "Dockerfile");
    auto lines = json::array();
    auto heredocs = json::array();
    for (const auto &node : ast.instructions) {
        lines.push_back({node.where.first_line, node.where.last_line});
        heredocs.push_back(heredocs_of(node));
    }
    auto warnings = json::array();
    for (const auto &warning : ast.warnings)
        warnings.push_back(warning.text);
    return {{"ast", dump(ast)},
            {"lines", lines},
            {"heredocs", heredocs},
            {"warnings", warnings},
            {"escape", std::string{ast.escape}}};
}

json answer_instr(const json &request)
{
    static_cast<void>(parse_instructions(parse(request.at("input").get<std::string>(), "Dockerfile")));
    return {{"ok", true}};
}

json answer_expose(const json &request)
{
    return {{"expected", exposed_ports(parse_port(request.at("input").get<std::string>()))}};
}

json answer_device(const json &request)
{
    const auto device = parse_device(request.at("input").get<std::string>());
    return {{"expected", {{"name", device.name}, {"required", device.required}}}};
}

} // namespace

std::optional<json> answer_dockerfile_op(const json &request)
{
    static const std::map<std::string, json (*)(const json &)> operations = {
        {"word", answer_word}, {"words", answer_words}, {"split", answer_split},   {"json", answer_json},
        {"ast", answer_ast},   {"instr", answer_instr}, {"expose", answer_expose}, {"device", answer_device}};
    const auto found = operations.find(request.at("op").get<std::string>());
    if (found == operations.end())
        return std::nullopt;
    try {
        return found->second(request);
    } catch (const Error &error) {
        return json{{"error", error.message()}};
    }
}

} // namespace mica::oracle
