#pragma once
/// @file
/// Checks of the names and paths that instructions of a stage use.
#include "context/ignore.hh"
#include "plan/checks/reporter.hh"
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace mica::plan {

/// A variable that should hold a secret, judged by its name ("API_KEY").
void check_secret_name(std::string_view instruction, const std::string &name, const SourceSpan &where,
                       const Reporter &reporter);
/// Variables that an instruction uses and nothing above it sets. `known`: those that are.
void check_undefined(const std::set<std::string> &names, const std::vector<std::string> &known,
                     const SourceSpan &where, const Reporter &reporter);

/// The ignore file as far as a check can judge it.
class IgnoredSources {
public:
    /// Exceptions ("!x") cannot be judged without the files: with one, nothing is said.
    explicit IgnoredSources(const std::vector<std::string> &patterns);
    void check(bool is_add, std::string_view source, const SourceSpan &where, const Reporter &reporter) const;

private:
    context::IgnoreList list_;
    bool judges_ = false, hides_all_ = false;
};

} // namespace mica::plan
