#pragma once
/// @file
/// One pattern over whole paths, compiled: a line of an ignore file, an --exclude, a
/// source of COPY --parents.
#include "context/glob_program.hh"
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mica::context {

class GlobReader;

/// Immutable; any thread.
///
/// What it matches is what moby/patternmatcher's pattern does, and that is not quite what a
/// shell would do. "**" before something is nothing or whole directories, at the end it is
/// everything. A pattern that is "**" and then plain text matches each path that *ends*
/// in the text ("**file" matches "a/profile"); plain text and then "**" each that
/// *begins* with it. A class may match a slash. Inside of classes and after "\" the
/// documented meaning holds: the character itself.
class PathPattern {
public:
    /// `text` is cleaned and has no "!". Throws Error (usage).
    explicit PathPattern(std::string text);

    [[nodiscard]] bool matches(std::string_view path) const;
    /// Whether some path below `directory` may match: false is certain, true is not.
    [[nodiscard]] bool may_match_below(std::string_view directory) const;
    /// Number of components.
    [[nodiscard]] std::size_t depth() const noexcept { return components_.size(); }

private:
    enum class Form : std::uint8_t { exact, prefix, suffix, program };

    void compile();
    void compile_double_star(GlobReader &reader, bool first);
    void compile_class(GlobReader &reader);

    std::string text_;
    Form form_ = Form::exact;
    GlobProgram program_;
    std::vector<std::string> components_;
    bool spans_components_ = false; ///< a class may match a slash: depths mean nothing
};

} // namespace mica::context
