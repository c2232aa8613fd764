#pragma once
/// @file
/// The syntax tree of a Dockerfile: instructions as they are written, nothing
/// expanded, nothing judged but the form.
#include "base/error.hh"
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace mica::dockerfile {

/// "<<EOF" and what follows it.
struct Heredoc {
    std::string name;    ///< the delimiter without quotes
    std::string content; ///< leading tabs already stripped for "<<-"
    std::string raw;     ///< the body as written, for texts that are handed on (a shell's own "<<-", ONBUILD)
    bool expand = true;  ///< no part of the delimiter was quoted
    bool chomp = false;  ///< "<<-"
    unsigned fd = 0;     ///< digits before "<<"
};

/// One instruction.
struct Node {
    std::string keyword;            ///< lower case: "run"
    std::string written_keyword;    ///< as written, for casing checks
    std::vector<std::string> flags; ///< "--x=y", quotes and escapes resolved
    /// FROM, EXPOSE, ARG, COPY…: words. RUN, CMD…: strings of a JSON array, else one
    /// raw text. ENV, LABEL: triples key, value, separator ("=" or "" for the old form).
    std::vector<std::string> arguments;
    bool json = false;            ///< the arguments came as a JSON array
    std::unique_ptr<Node> nested; ///< ONBUILD's instruction
    std::vector<Heredoc> heredocs;
    /// Doc comments above, without "# "; a lone "#" ends a block, a blank line does not.
    std::vector<std::string> comments;
    std::string original; ///< the logical line, continuations joined
    SourceSpan where;     ///< file, first and last line (heredocs included)
};

/// A remark of the parser that is no error.
struct ParseWarning {
    std::string text, rule;
    SourceSpan where;
};

/// "# name=value" lines at the top.
struct Directive {
    std::string name, value;
    SourceSpan where;
};

struct Ast {
    std::vector<Node> instructions;
    std::vector<Directive> directives;
    char escape = '\\';
    std::vector<ParseWarning> warnings;
};

} // namespace mica::dockerfile
