#include "plan/outline.hh"
#include "plan/planning.hh"
#include <algorithm>

namespace mica::plan {
namespace {

/// Arguments of a stage, and those that their defaults use, and so on.
std::set<std::string> used_arguments(const OutlineCapture &capture)
{
    std::set<std::string> out;
    std::vector<std::string> open{capture.used.begin(), capture.used.end()};
    while (!open.empty()) {
        const auto name = open.back();
        open.pop_back();
        if (!out.insert(name).second)
            continue;
        if (const auto found = capture.arguments.find(name); found != capture.arguments.end())
            open.insert(open.end(), found->second.uses.begin(), found->second.uses.end());
    }
    return out;
}

/// A stage, what it starts from, what it copies from: the first to name something tells
/// of it.
void visit(const StageGraph &graph, std::uint32_t number, std::vector<std::uint32_t> &order)
{
    if (std::find(order.begin(), order.end(), number) != order.end())
        return;
    order.push_back(number);
    if (const auto base = graph.nodes()[number].base)
        visit(graph, *base, order);
    for (const auto source : graph.sources_of_stage(number))
        visit(graph, source, order);
}

void add_needs(std::vector<Outline::Need> &out, const std::map<std::string, OutlineCapture::Need> &needs)
{
    for (const auto &[id, need] : needs)
        if (std::none_of(out.begin(), out.end(), [&](const auto &known) { return known.id == id; }))
            out.push_back({id, need.required, need.where});
}

void add(Outline &outline, const OutlineCapture &capture)
{
    for (const auto &name : used_arguments(capture)) {
        const auto info = capture.arguments.find(name);
        const bool known = std::any_of(outline.arguments.begin(), outline.arguments.end(),
                                       [&](const auto &argument) { return argument.name == name; });
        if (info != capture.arguments.end() && !known)
            outline.arguments.push_back(
                {name, info->second.description, info->second.value, info->second.where});
    }
    add_needs(outline.secrets, capture.secrets);
    add_needs(outline.ssh, capture.ssh);
}

template <class Item> void sort_by_place(std::vector<Item> &items)
{
    std::stable_sort(items.begin(), items.end(),
                     [](const Item &a, const Item &b) { return a.where.first_line < b.where.first_line; });
}

} // namespace

Outline make_outline(const dockerfile::Program &program, const dockerfile::Ast &ast,
                     const PlanOptions &options, Resolver &resolver)
{
    (void)check_config(ast, options); // refused here as in a build, though no check runs
    auto asking = options;
    asking.network_host_allowed = asking.security_insecure_allowed = true;
    asking.device_allowed = [](const std::string &) { return true; };
    const Planning planning{program, ast, asking, resolver, Reporter{}, Extent::target};
    const auto &target = planning.graph().nodes()[planning.target()];
    Outline outline{target.from.stage_name, target.comment, {}, {}, {}};
    std::vector<std::uint32_t> order;
    visit(planning.graph(), planning.target(), order);
    for (const auto number : order)
        if (const auto *state = planning.state(number))
            add(outline, state->outline);
    sort_by_place(outline.arguments);
    sort_by_place(outline.secrets);
    sort_by_place(outline.ssh);
    return outline;
}

} // namespace mica::plan
