#include "context/glob_program.hh"

#include "context/utf8.hh"
#include <algorithm>

namespace mica::context {

bool CharacterClass::contains(char32_t c) const
{
    const bool listed = std::any_of(ranges.begin(), ranges.end(),
                                    [c](const auto &range) { return range.first <= c && c <= range.second; });
    return listed != negated;
}

void GlobProgram::add_directories()
{
    // Two steps: a fork (skip both, or go in) and the loop that only a slash leaves.
    steps_.push_back({Kind::maybe_directories, 0});
    steps_.push_back({Kind::directories, 0});
}

void GlobProgram::add_class(CharacterClass characters)
{
    steps_.push_back({Kind::one_of, static_cast<char32_t>(classes_.size())});
    classes_.push_back(std::move(characters));
}

/// Marks a state and those that are reached from it without reading anything.
void GlobProgram::enter(States &states, std::size_t step) const
{
    while (states[step] == 0) {
        states[step] = 1;
        if (step == steps_.size())
            return;
        switch (steps_[step].kind) {
        case Kind::run:
        case Kind::everything:
            ++step;
            break;
        case Kind::maybe_directories:
            states[step + 1] = 1;
            step += 2;
            break;
        default:
            return;
        }
    }
}

void GlobProgram::advance(const Step &step, std::size_t index, char32_t c, States &next) const
{
    switch (step.kind) {
    case Kind::character:
        if (c == step.value)
            enter(next, index + 1);
        break;
    case Kind::any:
        if (c != '/')
            enter(next, index + 1);
        break;
    case Kind::run:
        if (c != '/')
            enter(next, index);
        break;
    case Kind::maybe_directories:
        break;
    case Kind::directories:
        next[index] = 1;
        if (c == '/')
            enter(next, index + 1);
        break;
    case Kind::everything:
        enter(next, index);
        break;
    case Kind::one_of:
        if (classes_[step.value].contains(c))
            enter(next, index + 1);
        break;
    }
}

bool GlobProgram::matches(std::string_view text) const
{
    States now(steps_.size() + 1, 0);
    States next(steps_.size() + 1, 0);
    enter(now, 0);
    while (!text.empty()) {
        const auto c = decode_utf8(text);
        text.remove_prefix(c.size);
        bool alive = false;
        for (std::size_t i = 0; i < steps_.size(); ++i) {
            if (now[i] != 0) {
                advance(steps_[i], i, c.code, next);
                alive = true;
            }
        }
        if (!alive)
            return false;
        now.swap(next);
        std::fill(next.begin(), next.end(), char{0});
    }
    return now[steps_.size()] != 0;
}

} // namespace mica::context
