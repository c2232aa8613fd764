/// @file
/// conformance-oracle: answers questions about the Dockerfile language, one JSON object a
/// line on standard input, one answer a line on standard output. It calls the same code
/// that builds, so that tables of cases can be held against it.
#include "base/error.hh"
#include "oracle/context_ops.hh"
#include "oracle/dockerfile_ops.hh"
#include "oracle/plan_ops.hh"
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

namespace {

nlohmann::json answer(const std::string &line)
try {
    const auto request = nlohmann::json::parse(line);
    if (auto found = mica::oracle::answer_dockerfile_op(request))
        return *found;
    if (auto found = mica::oracle::answer_context_op(request))
        return *found;
    if (auto found = mica::oracle::answer_plan_op(request))
        return *found;
    return {{"unsupported", true}};
} catch (const mica::Error &error) {
    return {{"error", error.message()}};
} catch (const nlohmann::json::exception &error) {
    return {{"error", error.what()}};
}

} // namespace

int main()
{
    std::string line;
    while (std::getline(std::cin, line)) {
        // Texts may hold bytes that are no UTF-8; an answer must be a line all the same.
        const auto text = answer(line).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
        std::cout << text << '\n' << std::flush;
    }
    return 0;
}
