#include "plan/stage_graph.hh"
#include "base/text.hh"
#include "oci/reference.hh"
#include "plan/sources.hh"
#include "plan/stage_header.hh"
#include "plan/suggestion.hh"
#include <fmt/format.h>
#include <functional>

namespace mica::plan {
namespace {

void refuse_bad_name(const std::string &name, const SourceSpan &where)
try {
    if (name != "scratch")
        (void)oci::Reference::parse(name);
} catch (Error &error) {
    throw Error{ErrorKind::dockerfile,
                fmt::format("failed to parse stage name \"{}\": {}", name, error.message())}
        .at(where);
}

} // namespace

StageGraph::StageGraph(const dockerfile::Program &program, const GlobalArguments &globals, char escape,
                       Resolver &resolver, const Reporter &reporter)
{
    for (const auto &stage : program.stages) {
        auto node = stage_header(stage, static_cast<std::uint32_t>(nodes_.size()), globals, escape,
                                 reporter.for_comments(stage.from_instruction.comments));
        if (!node.from.stage_name.empty() && node.from.stage_name != "scratch" &&
            node.from.stage_name != "context")
            node.replacement = resolver.named_context(node.from.stage_name);
        // Only stages above can be a base, and their names are written in small letters.
        const auto base = by_name_.find(node.base_name);
        if (base != by_name_.end() && node.replacement == Resolver::NamedContext::none)
            node.base = base->second;
        if (!node.from.stage_name.empty())
            by_name_.insert_or_assign(node.from.stage_name, static_cast<std::uint32_t>(nodes_.size()));
        nodes_.push_back(std::move(node));
    }
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
        if (nodes_[i].replacement != Resolver::NamedContext::none)
            continue;
        for (const auto &instruction : program.stages[i].instructions)
            nodes_[i].commands.push_back(command(instruction));
    }
}

std::optional<std::uint32_t> StageGraph::find(std::string_view name) const
{
    const auto found = by_name_.find(to_lower(name));
    return found == by_name_.end() ? std::nullopt : std::optional{found->second};
}

std::uint32_t StageGraph::target(const std::string &name) const
{
    if (name.empty())
        return static_cast<std::uint32_t>(nodes_.size() - 1);
    if (const auto found = find(name))
        return *found;
    throw Error{ErrorKind::dockerfile,
                fmt::format("target stage \"{}\" could not be found{}", name, did_you_mean(name, names()))};
}

std::vector<std::uint32_t> StageGraph::sources_of_stage(std::uint32_t number) const
{
    std::vector<std::uint32_t> out;
    for (const auto &command : nodes_[number].commands)
        for (const auto &source : command.sources)
            if (source)
                if (const auto *stage = std::get_if<StageRef>(&*source))
                    out.push_back(stage->number);
    return out;
}

std::set<std::uint32_t> StageGraph::reachable(std::uint32_t target) const
{
    std::set<std::uint32_t> out;
    std::vector<std::uint32_t> open{target};
    while (!open.empty()) {
        const auto number = open.back();
        open.pop_back();
        if (!out.insert(number).second)
            continue;
        if (nodes_[number].base)
            open.push_back(*nodes_[number].base);
        for (const auto needed : sources_of_stage(number))
            open.push_back(needed);
    }
    return out;
}

void StageGraph::refuse_cycles() const
{
    enum class Mark : std::uint8_t { unseen, on_path, done };
    std::vector<Mark> marks(nodes_.size(), Mark::unseen);
    const std::function<bool(std::uint32_t)> has_cycle = [&](std::uint32_t number) {
        if (marks[number] != Mark::unseen)
            return marks[number] == Mark::on_path;
        marks[number] = Mark::on_path;
        for (const auto needed : sources_of_stage(number))
            if (has_cycle(needed))
                return true;
        marks[number] = Mark::done;
        return false;
    };
    for (std::uint32_t i = 0; i < nodes_.size(); ++i)
        if (has_cycle(i))
            throw Error{ErrorKind::dockerfile,
                        fmt::format("circular dependency detected on stage: {}", nodes_[i].name)}
                .at(nodes_[i].where)
                .with_hint("a stage can only copy from stages above it");
}

void StageGraph::refuse_bad_names() const
{
    for (const auto &node : nodes_) {
        if (!node.base)
            refuse_bad_name(node.base_name, node.where);
        for (const auto &command : node.commands)
            for (const auto &source : command.sources)
                if (source)
                    if (const auto *external = std::get_if<ExternalRef>(&*source))
                        refuse_bad_name(external->name, command.instruction.where);
    }
}

Command StageGraph::command(dockerfile::Instruction instruction) const
{
    Command out{std::move(instruction), false, {}};
    at_span(out.instruction.where, [&] { out.sources = sources_of(out.instruction, *this); });
    return out;
}

void StageGraph::prepend_triggers(std::uint32_t number, std::vector<Command> triggers)
{
    auto &commands = nodes_[number].commands;
    triggers.insert(triggers.end(), std::make_move_iterator(commands.begin()),
                    std::make_move_iterator(commands.end()));
    commands = std::move(triggers);
}

std::vector<std::string> StageGraph::names() const
{
    std::vector<std::string> out;
    for (const auto &node : nodes_)
        out.push_back(node.name);
    return out;
}

} // namespace mica::plan
