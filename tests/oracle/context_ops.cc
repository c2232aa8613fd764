#include "oracle/context_ops.hh"
#include "context/ignore.hh"
#include <string>
#include <vector>

namespace mica::oracle {
namespace {

nlohmann::json match(const nlohmann::json &request)
{
    const context::IgnoreList list{request.at("patterns").get<std::vector<std::string>>()};
    const auto path = request.at("path").get<std::string>();
    const bool found = request.at("fn") == "matches" ? list.matches(path) : list.matches_or_parent(path);
    return {{"match", found}};
}

nlohmann::json ignore_file(const nlohmann::json &request)
{
    return {{"expected", context::read_ignore_file(request.at("input").get<std::string>(), ".dockerignore")}};
}

} // namespace

std::optional<nlohmann::json> answer_context_op(const nlohmann::json &request)
{
    const auto &op = request.at("op");
    if (op == "match")
        return match(request);
    if (op == "ignorefile")
        return ignore_file(request);
    return std::nullopt;
}

} // namespace mica::oracle
