#include "context/ignore.hh"

#include "base/error.hh"
#include "context/path_pattern.hh"
#include "context/path_text.hh"
#include <algorithm>
#include <utility>

namespace mica::context {

namespace {

struct Rule {
    PathPattern pattern;
    bool exclusion;
};

Rule compile_rule(std::string_view trimmed)
{
    auto text = clean_path(trimmed);
    const bool exclusion = text.starts_with('!');
    if (exclusion) {
        text.erase(0, 1);
        if (text.empty())
            throw Error{ErrorKind::usage, "illegal exclusion pattern: \"!\""}.with_hint(
                "a \"!\" needs a path behind it, as in \"!keep/this\"");
    }
    return {PathPattern{std::move(text)}, exclusion};
}

/// The end of the first `count` components; npos past the last one.
std::size_t end_of_components(std::string_view path, std::size_t count)
{
    std::size_t end = path.find('/');
    while (--count > 0 && end != std::string_view::npos)
        end = path.find('/', end + 1);
    return end;
}

bool matches_one_parent(const PathPattern &pattern, std::string_view path)
{
    const auto end = end_of_components(path, pattern.depth());
    return end != std::string_view::npos && pattern.matches(path.substr(0, end));
}

bool matches_a_parent(const PathPattern &pattern, std::string_view path)
{
    for (auto end = path.find('/'); end != std::string_view::npos; end = path.find('/', end + 1)) {
        if (pattern.matches(path.substr(0, end)))
            return true;
    }
    return false;
}

template <class ParentMatch>
bool decide(const std::vector<Rule> &rules, std::string_view raw_path, ParentMatch parent_match)
{
    const auto path = clean_path(raw_path);
    bool matched = false;
    if (path == ".")
        return matched;
    for (const auto &rule : rules) {
        // Only a rule that would change the state is worth a look.
        if (rule.exclusion == matched && (rule.pattern.matches(path) || parent_match(rule.pattern, path)))
            matched = !matched;
    }
    return matched;
}

} // namespace

struct IgnoreList::State {
    std::vector<Rule> rules;
};

IgnoreList::IgnoreList() : state_{std::make_shared<State>()} {}

IgnoreList::IgnoreList(const std::vector<std::string> &patterns)
{
    auto state = std::make_shared<State>();
    for (const auto &pattern : patterns) {
        const auto trimmed = trim_unicode(pattern);
        if (!trimmed.empty())
            state->rules.push_back(compile_rule(trimmed));
    }
    state_ = std::move(state);
}

IgnoreList::~IgnoreList() = default;
IgnoreList::IgnoreList(const IgnoreList &) = default;
IgnoreList &IgnoreList::operator=(const IgnoreList &) = default;

// A list that was moved from is empty, not broken.
IgnoreList::IgnoreList(IgnoreList &&other) noexcept : state_{other.state_} {}
IgnoreList &IgnoreList::operator=(IgnoreList &&other) noexcept
{
    state_ = other.state_;
    return *this;
}

bool IgnoreList::empty() const
{
    return state_->rules.empty();
}

bool IgnoreList::matches(std::string_view path) const
{
    return decide(state_->rules, path, matches_one_parent);
}

bool IgnoreList::matches_or_parent(std::string_view path) const
{
    return decide(state_->rules, path, matches_a_parent);
}

bool IgnoreList::may_have_exceptions_below(std::string_view directory) const
{
    return std::any_of(state_->rules.begin(), state_->rules.end(), [directory](const Rule &rule) {
        return rule.exclusion && rule.pattern.may_match_below(directory);
    });
}

bool IgnoreList::may_match_below(std::string_view directory) const
{
    return std::any_of(state_->rules.begin(), state_->rules.end(), [directory](const Rule &rule) {
        return !rule.exclusion && rule.pattern.may_match_below(directory);
    });
}

} // namespace mica::context
