#pragma once
/// @file
/// Parser directives: "# name=value" lines before anything else in a Dockerfile.
/// Known are syntax, escape and check; the first line that is no known directive
/// ends the search.
#include "dockerfile/ast.hh"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mica::dockerfile {

/// Takes the lines of a file one by one.
class DirectiveReader {
public:
    /// `marker` is what a directive's line starts with: "#" or "//".
    explicit DirectiveReader(std::string_view file, std::string_view marker = "#")
        : file_{file}, marker_{marker}
    {
    }
    /// The next line, without its line end. Throws Error (dockerfile) when a
    /// directive comes twice.
    [[nodiscard]] std::optional<Directive> next(std::string_view line, std::uint32_t number);
    /// No later line can be a directive.
    [[nodiscard]] bool done() const noexcept { return done_; }

private:
    std::string file_, marker_;
    std::vector<std::string> seen_;
    bool done_ = false;
};

/// All "#" directives of a file, read as a front end's loader does: a first line
/// "#!..." is passed over. A second one of a name and what follows it is left out.
[[nodiscard]] std::vector<Directive> read_directives(std::string_view text, std::string_view file);

/// The front end that a file asks for: "# syntax=", or "// syntax=", or the member
/// "syntax" of a file that is a JSON object.
struct Syntax {
    std::string image; ///< up to the first blank
    std::string value; ///< all of it
    SourceSpan where;
};
[[nodiscard]] std::optional<Syntax> detect_syntax(std::string_view text, std::string_view file);

} // namespace mica::dockerfile
