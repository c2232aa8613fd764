#pragma once
/// @file
/// What a bearer token is good for (distribution's token scopes).
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace mica::registry {

/// A set of "type:name:action,action". Compares by content, so it can be a key.
class Scopes {
public:
    Scopes() = default;
    [[nodiscard]] static Scopes pull(std::string_view repository);
    [[nodiscard]] static Scopes push(std::string_view repository);
    /// What a challenge names: scopes parted by blanks. Bounded; what is malformed is passed over.
    [[nodiscard]] static Scopes parse(std::string_view text);

    [[nodiscard]] Scopes with(const Scopes &other) const;
    [[nodiscard]] bool covers(const Scopes &other) const;
    /// "repository:a/b:pull,push" each; pull before push.
    [[nodiscard]] std::vector<std::string> texts() const;

    auto operator<=>(const Scopes &) const = default;

private:
    std::map<std::string, std::set<std::string>> actions_; ///< by "type:name"
};

} // namespace mica::registry
