#include "plan/apply.hh"

namespace mica::plan {
namespace {

/// The value of an ARG in its stage: the user's, else its default, else that of the ARG
/// above the first FROM (or an automatic one), else none. A default is expanded only
/// where it is used, so that a mistake in one that is not used does no harm.
std::optional<std::string> value_of(const StageScope &scope, const dockerfile::Arg::Item &item)
{
    const auto &given = scope.build.options.build_args;
    if (const auto found = given.find(item.name); found != given.end())
        return found->second;
    if (item.value)
        return scope.expand(*item.value);
    return scope.build.globals.values.get(item.name);
}

/// An argument that only takes over a global value is described where that stands.
bool is_inherited(const StageScope &scope, const dockerfile::Arg::Item &item)
{
    return !item.value && !scope.build.options.build_args.contains(item.name) &&
           scope.build.globals.values.get(item.name).has_value();
}

std::string declare(const StageScope &scope, const dockerfile::Arg::Item &item)
{
    check_secret_name("ARG", item.name, scope.where(), scope.checks);
    const auto value = value_of(scope, item);
    auto &stage = scope.stage;
    if (value && !is_builder_only(item.name))
        stage.environment.set(item.name, *value);
    if (!is_inherited(scope, item))
        stage.outline.arguments.insert_or_assign(
            item.name, ArgumentInfo{item.name, value.value_or(""), item.comment, {}, scope.where()});
    stage.outline.used.insert(item.name);
    stage.arguments.emplace_back(item.name, value.value_or(""));
    return value ? item.name + "=" + *value : item.name;
}

} // namespace

void apply(const StageScope &scope, const dockerfile::Arg &arg)
{
    std::string line = "ARG";
    for (const auto &item : arg.items)
        line += " " + declare(scope, item);
    add_history(scope.stage, std::move(line), false);
}

} // namespace mica::plan
