#include "registry/scope.hh"

#include "base/text.hh"
#include <algorithm>

namespace mica::registry {

namespace {
constexpr std::size_t most_scopes = 32;
}

Scopes Scopes::pull(std::string_view repository)
{
    Scopes scopes;
    scopes.actions_["repository:" + std::string{repository}] = {"pull"};
    return scopes;
}

Scopes Scopes::push(std::string_view repository)
{
    Scopes scopes;
    scopes.actions_["repository:" + std::string{repository}] = {"pull", "push"};
    return scopes;
}

Scopes Scopes::parse(std::string_view text)
{
    Scopes scopes;
    for (const auto scope : split(text, ' ')) {
        const auto last = scope.rfind(':');
        if (scope.find(':') == last || scopes.actions_.size() == most_scopes)
            continue;
        auto &actions = scopes.actions_[std::string{scope.substr(0, last)}];
        for (const auto action : split(scope.substr(last + 1), ','))
            if (!action.empty())
                actions.emplace(action);
    }
    return scopes;
}

Scopes Scopes::with(const Scopes &other) const
{
    Scopes sum = *this;
    for (const auto &[resource, actions] : other.actions_)
        sum.actions_[resource].insert(actions.begin(), actions.end());
    return sum;
}

bool Scopes::covers(const Scopes &other) const
{
    return std::ranges::all_of(other.actions_, [&](const auto &entry) {
        const auto found = actions_.find(entry.first);
        return found != actions_.end() && std::ranges::includes(found->second, entry.second);
    });
}

std::vector<std::string> Scopes::texts() const
{
    std::vector<std::string> texts;
    for (const auto &[resource, actions] : actions_)
        texts.push_back(resource + ":" + join(std::vector<std::string>{actions.begin(), actions.end()}, ","));
    return texts;
}

} // namespace mica::registry
