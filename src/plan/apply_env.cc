#include "dockerfile/words.hh"
#include "plan/apply.hh"
#include <fmt/format.h>

namespace mica::plan {
namespace {

/// All words see the environment before the instruction.
std::vector<dockerfile::KeyValue> expanded(const StageScope &scope,
                                           const std::vector<dockerfile::KeyValue> &values)
{
    auto out = values;
    for (auto &pair : out) {
        pair.key = scope.expand(pair.key);
        pair.value = scope.expand(pair.value);
    }
    return out;
}

void check_form(const StageScope &scope, const dockerfile::KeyValue &pair)
{
    const auto &keyword = scope.command.instruction.written_keyword;
    if (pair.legacy)
        scope.checks.report(
            Rule::legacy_key_value_format, scope.where(),
            fmt::format("\"{0} key=value\" should be used instead of legacy \"{0} key value\" format",
                        keyword));
}

void set_variable(std::vector<std::string> &assignments, const std::string &name, const std::string &value)
{
    const auto prefix = name + "=";
    for (auto &assignment : assignments) {
        if (assignment.starts_with(prefix) || assignment == name) {
            assignment = prefix + value;
            return;
        }
    }
    assignments.push_back(prefix + value);
}

} // namespace

void apply(const StageScope &scope, const dockerfile::Env &env)
{
    std::string line = "ENV";
    for (const auto &[key, value, legacy] : expanded(scope, env.values)) {
        check_form(scope, {key, value, legacy});
        check_secret_name("ENV", key, scope.where(), scope.checks);
        line += fmt::format(" {}={}", key, value);
        scope.stage.environment.set(key, value);
        set_variable(scope.config().env, key, value);
    }
    add_history(scope.stage, std::move(line), false);
}

void apply(const StageScope &scope, const dockerfile::Label &label)
{
    std::string line = "LABEL";
    for (const auto &[key, value, legacy] : expanded(scope, label.values)) {
        check_form(scope, {key, value, legacy});
        line += fmt::format(" {}={}", key, value);
        scope.config().labels[key] = value;
    }
    add_history(scope.stage, std::move(line), false);
}

} // namespace mica::plan
