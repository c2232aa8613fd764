#include "context/path_pattern.hh"

#include "base/text.hh"
#include "context/glob_syntax.hh"

namespace mica::context {

PathPattern::PathPattern(std::string text) : text_{std::move(text)}
{
    for (const auto part : split(text_, '/'))
        components_.emplace_back(part);
    compile();
}

void PathPattern::compile()
{
    GlobReader reader{text_};
    for (bool first = true; !reader.done(); first = false) {
        if (reader.take('*')) {
            if (reader.take('*')) {
                compile_double_star(reader, first);
                continue;
            }
            program_.add_run();
        } else if (reader.take('?')) {
            program_.add_any();
        } else if (reader.take('\\')) {
            program_.add_character(reader.escaped());
        } else if (reader.take('[')) {
            compile_class(reader);
        } else if (reader.take(']')) {
            program_.add_character(']');
        } else {
            program_.add_character(reader.character());
            continue; // plain text leaves the form as it is
        }
        form_ = Form::program;
    }
}

void PathPattern::compile_double_star(GlobReader &reader, bool first)
{
    static_cast<void>(reader.take('/')); // "**/x" and "**x" are the same, but for the suffix form
    if (!reader.done()) {
        program_.add_directories();
        form_ = Form::program;
    } else if (form_ == Form::exact) {
        form_ = Form::prefix;
    } else {
        program_.add_everything();
        form_ = Form::program;
    }
    if (first)
        form_ = Form::suffix; // unless something that is not plain text follows
}

void PathPattern::compile_class(GlobReader &reader)
{
    auto characters = reader.character_class();
    spans_components_ = spans_components_ || characters.contains('/');
    program_.add_class(std::move(characters));
}

bool PathPattern::matches(std::string_view path) const
{
    const std::string_view text{text_};
    switch (form_) {
    case Form::exact:
        return path == text;
    case Form::prefix:
        return path.starts_with(text.substr(0, text.size() - 2));
    case Form::suffix: {
        const auto suffix = text.substr(2);
        return path.ends_with(suffix) || (suffix.starts_with('/') && path == suffix.substr(1));
    }
    case Form::program:
        break;
    }
    return program_.matches(path);
}

bool PathPattern::may_match_below(std::string_view directory) const
{
    if (spans_components_)
        return true;
    std::size_t depth = 0;
    if (!directory.empty()) {
        for (const auto name : split(directory, '/')) {
            if (depth == components_.size())
                return false;
            const auto &component = components_[depth++];
            if (component.find("**") != std::string::npos)
                return true;
            const bool plain = component.find_first_of(R"(*?[\)") == std::string::npos;
            if (plain && component != name)
                return false;
        }
    }
    return depth < components_.size();
}

} // namespace mica::context
