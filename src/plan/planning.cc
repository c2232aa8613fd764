#include "plan/planning.hh"
#include "dockerfile/parser.hh"
#include "oci/platform.hh"
#include "plan/apply.hh"
#include "plan/automatic_args.hh"
#include "plan/checks/syntax.hh"
#include "plan/proxy.hh"
#include <fmt/format.h>

namespace mica::plan {

Planning::Planning(const dockerfile::Program &program, const dockerfile::Ast &ast, const PlanOptions &options,
                   Resolver &resolver, const Reporter &reporter, Extent extent)
    : options_{options}, resolver_{resolver}, reporter_{reporter}, escape_{ast.escape}
{
    check_text(program, ast);
    const auto name = options_.target.empty() ? program.stages.back().from.stage_name : options_.target;
    const auto automatic = automatic_args(options_, name);
    check_default_bases(program, automatic, escape_, reporter_);
    globals_ = evaluate_global_args(program.global_args, automatic, options_.build_args, escape_);
    date_ = resolve_source_date(program, options_, globals_, escape_, resolver_);
    graph_ = std::make_unique<StageGraph>(program, globals_, escape_, resolver_, reporter_);
    target_ = graph_->target(options_.target);
    graph_->refuse_cycles();
    graph_->refuse_bad_names();
    images_ = std::make_unique<BaseImages>(resolver_, options_, reporter_);
    resolve_bases(extent);
    add_triggers();
    build_stages(extent);
    finish_target();
    reporter_.throw_if_fatal();
}

void Planning::check_text(const dockerfile::Program &program, const dockerfile::Ast &ast) const
{
    check_syntax(ast, reporter_);
    check_stage_names(program, reporter_);
    check_casing(program, reporter_);
}

const StageState *Planning::state(std::uint32_t number) const
{
    const auto found = states_.find(number);
    return found == states_.end() ? nullptr : &found->second;
}

/// Before any instruction: a base that is not there is the first thing to know.
void Planning::resolve_bases(Extent extent)
{
    const auto needed = graph_->reachable(target_);
    for (std::uint32_t number = 0; number < graph_->nodes().size(); ++number)
        if ((extent == Extent::all || needed.contains(number)) && !graph_->nodes()[number].base)
            (void)base_of(number);
}

/// Triggers of one stage may bring in stages that nothing needed before, which may have
/// triggers of their own: until nothing new comes.
void Planning::add_triggers()
{
    std::set<std::uint32_t> done;
    for (bool again = true; again;) {
        again = false;
        for (const auto number : graph_->reachable(target_)) {
            if (!done.insert(number).second)
                continue;
            const auto &where = graph_->nodes()[number].where;
            std::vector<Command> commands;
            for (const auto &text : triggers_of(number))
                commands.push_back(at_span(where, [&] { return parse_trigger(text, where); }));
            graph_->prepend_triggers(number, std::move(commands));
            again = true;
        }
    }
}

std::vector<std::string> Planning::triggers_of(std::uint32_t number)
{
    const auto &node = graph_->nodes()[number];
    if (!node.base)
        return node.replacement == Resolver::NamedContext::none ? base_of(number).config.config.on_build
                                                                : std::vector<std::string>{};
    std::vector<std::string> out;
    for (const auto &command : graph_->nodes()[*node.base].commands)
        if (const auto *on_build = std::get_if<dockerfile::OnBuild>(&command.instruction.body))
            out.push_back(on_build->text);
    return out;
}

/// The trigger stands where the FROM stands that brought it.
Command Planning::parse_trigger(const std::string &text, const SourceSpan &where) const
{
    auto ast = dockerfile::parse(text, where.file);
    if (ast.instructions.size() != 1)
        throw Error{ErrorKind::dockerfile, "onbuild trigger should be a single expression"};
    ast.instructions.front().where = where;
    auto command = graph_->command(dockerfile::parse_instruction(ast.instructions.front()));
    command.is_trigger = true;
    return command;
}

const Base &Planning::base_of(std::uint32_t number)
{
    if (const auto found = bases_.find(number); found != bases_.end())
        return found->second;
    const auto &node = graph_->nodes()[number];
    auto base = node.replacement == Resolver::NamedContext::none
                    ? images_->resolve(node.base_name, node.platform, node.where, graph_->names())
                    : images_->replacement(node.from.stage_name, node.replacement, node.platform, node.where);
    return bases_.emplace(number, std::move(base)).first->second;
}

void Planning::build_stages(Extent extent)
{
    const auto needed = graph_->reachable(target_);
    const Surroundings surroundings{options_,
                                    globals_,
                                    proxy_environment(options_.build_args),
                                    IgnoredSources{options_.context_ignored},
                                    escape_,
                                    [&](const Source &source, const std::string &user,
                                        const SourceSpan &where) { return input_of(source, user, where); }};
    for (std::uint32_t number = 0; number < graph_->nodes().size(); ++number) {
        if (extent == Extent::all || needed.contains(number))
            build_stage(number, surroundings);
    }
}

StageState Planning::start(std::uint32_t number)
{
    const auto &node = graph_->nodes()[number];
    return node.base ? start_stage(states_.at(*node.base), stage_input(*node.base))
                     : start_stage(base_of(number));
}

void Planning::build_stage(std::uint32_t number, const Surroundings &surroundings)
{
    const auto &node = graph_->nodes()[number];
    auto stage = start(number);
    stage.outline.arguments = globals_.declared;
    stage.outline.used = node.from_arguments;
    for (const auto &command : node.commands)
        apply(StageScope{stage, command, surroundings, node.name,
                         reporter_.for_comments(command.instruction.comments)});
    states_.emplace(number, std::move(stage));
}

Input Planning::input_of(const Source &source, const std::string &user, const SourceSpan &where)
{
    if (const auto *external = std::get_if<ExternalRef>(&source))
        return images_->resolve(external->name, std::nullopt, where, graph_->names()).input;
    const auto number = std::get<StageRef>(source).number;
    if (!states_.contains(number))
        throw Error{
            ErrorKind::dockerfile,
            fmt::format("cannot copy from stage \"{}\", it needs to be defined before current stage \"{}\"",
                        graph_->nodes()[number].name, user)};
    return stage_input(number);
}

/// A stage that a named context replaces is that context.
Input Planning::stage_input(std::uint32_t number) const
{
    if (graph_->nodes()[number].replacement != Resolver::NamedContext::none)
        return states_.at(number).base;
    return StageInput{number};
}

void Planning::finish_target()
{
    auto &image = states_.at(target_).image;
    for (const auto &[name, value] : options_.labels)
        image.config.labels[name] = value;
    if (!options_.platform_is_default) {
        const auto &wanted = options_.platform;
        const bool same =
            wanted.os == image.platform.os && wanted.architecture == image.platform.architecture;
        image.platform.os = wanted.os;
        image.platform.architecture = wanted.architecture;
        if (!wanted.variant.empty() || !same)
            image.platform.variant = wanted.variant;
        if (!wanted.os_version.empty() || !same)
            image.platform.os_version = wanted.os_version;
        if (!wanted.os_features.empty())
            image.platform.os_features = wanted.os_features;
    }
    image.platform = oci::normalize(image.platform);
}

} // namespace mica::plan
