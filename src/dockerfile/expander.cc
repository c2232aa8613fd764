#include "dockerfile/expander.hh"

#include "base/error.hh"
#include "dockerfile/glob.hh"
#include <fmt/format.h>
#include <utility>

// The language. Outside of quotes the escape character makes the next character
// plain and vanishes; in double quotes it does so only before a double quote, '$' and itself; in
// single quotes nothing is special. '$' begins a variable in all places but single
// quotes, and the operand of ${x:-operand} is a text of the same language, quotes
// included, up to the closing brace. The patterns of ${x#p} and ${x/p/r} keep their
// escapes, for the matcher.
//
// Bounds. Every level of ${…} copies its operand once, so nesting is limited; and a
// line such as ENV A=$A$A, repeated, doubles a value each time, so the growth of one
// expansion is limited.

namespace mica::dockerfile {

namespace {

/// What may follow a name, besides '/'.
constexpr std::string_view operand_forms = "-+?#%";
constexpr unsigned max_depth = 100;
constexpr std::size_t max_growth = std::size_t{16} << 20U;

Error syntax_error(std::string_view what)
{
    return Error{ErrorKind::dockerfile, fmt::format("syntax error: {}", what)};
}

Error unsupported_modifier(std::string_view modifier)
{
    return Error{ErrorKind::dockerfile, fmt::format("unsupported modifier ({}) in substitution", modifier)}
        .with_hint("after the name may follow :- - :+ + :? ? # ## % %% / //; to have a plain $, write \\$");
}

Error unmatched(std::string_view what)
{
    return Error{ErrorKind::dockerfile,
                 fmt::format("unexpected end of statement while looking for matching {}", what)};
}

} // namespace

void WordSplitter::end_word()
{
    if (!pending_.empty())
        words_.push_back(std::exchange(pending_, {}));
}

void WordSplitter::add_splitting(std::string_view text)
{
    for (std::size_t at = 0; at < text.size();) {
        const auto character = decode(text, at);
        if (is_space(character.value))
            end_word();
        else
            pending_ += text.substr(at, character.length);
        at += character.length;
    }
}

std::vector<std::string> WordSplitter::finish()
{
    end_word();
    return std::move(words_);
}

Expander::Expander(std::string_view text, const Environment &env, const ExpandOptions &options)
    : text_{text}, env_{env}, options_{options}, max_size_{text.size() + max_growth},
      keep_escapes_{options.keep_escapes}
{
}

std::string Expander::run(WordSplitter *words)
{
    words_ = words;
    return scan(end, words);
}

int Expander::peek() const
{
    return pos_ < text_.size() ? static_cast<unsigned char>(text_[pos_]) : end;
}

std::string_view Expander::take_character()
{
    const auto taken = text_.substr(pos_, decode(text_, pos_).length);
    pos_ += taken.size();
    return taken;
}

void Expander::check_size(const std::string &out) const
{
    if (out.size() > max_size_)
        throw Error{ErrorKind::dockerfile,
                    fmt::format("the expansion grows by more than {} MiB", max_growth >> 20U)};
}

/// Up to `stop`, which is consumed, or to the end of the text.
std::string Expander::scan(int stop, WordSplitter *words)
{
    std::string out;
    while (peek() != end) {
        const int c = peek();
        if (c == stop) {
            skip();
            return out;
        }
        if (c != '$' && c != '<' && !is_quote(c)) {
            plain(out, words);
            continue;
        }
        const auto piece = special(c);
        out += piece;
        check_size(out);
        if (words != nullptr && c == '$')
            words->add_splitting(piece);
        else if (words != nullptr)
            words->add_whole(piece);
    }
    if (stop != end)
        throw syntax_error(stop == '}' ? "missing '}'" : "missing '/' in ${}");
    return out;
}

/// One character that is not special, or an escape and what it protects.
void Expander::plain(std::string &out, WordSplitter *words)
{
    if (peek() != options_.escape) {
        const auto character = take_character();
        out += character;
        if (words != nullptr)
            words->add_splitting(character);
        return;
    }
    const auto begin = pos_;
    skip();
    if (peek() != end)
        static_cast<void>(take_character());
    // An escape at the very end protects nothing.
    const auto taken = text_.substr(begin, pos_ - begin).substr(keep_escapes_ ? 0 : 1);
    out += taken;
    if (words != nullptr)
        words->add_whole(taken);
}

std::string Expander::special(int c)
{
    switch (c) {
    case '$':
        return dollar();
    case '<':
        return maybe_heredoc();
    case '\'':
        return single_quotes();
    default:
        return double_quotes();
    }
}

std::string Expander::single_quotes()
{
    const auto close = text_.find('\'', pos_ + 1);
    if (close == std::string_view::npos)
        throw unmatched("single-quote");
    const auto quoted = text_.substr(pos_, close + 1 - pos_);
    pos_ = close + 1;
    return std::string{options_.keep_quotes ? quoted : quoted.substr(1, quoted.size() - 2)};
}

std::string Expander::double_quotes()
{
    std::string out;
    skip();
    if (options_.keep_quotes)
        out += '"';
    for (int c = peek(); c != '"'; c = peek()) {
        if (c == end)
            throw unmatched("double-quote");
        if (c == '$') {
            out += dollar();
            check_size(out);
            continue;
        }
        const auto character = take_character();
        if (c == options_.escape) {
            if (keep_escapes_)
                out += character;
            const int next = peek();
            if (next == end)
                continue;
            if (next == '"' || next == '$' || next == options_.escape) {
                out += take_character();
                continue;
            }
        }
        out += character;
    }
    skip();
    if (options_.keep_quotes)
        out += '"';
    return out;
}

/// "<<" and the blanks behind it belong to one word with the delimiter.
std::string Expander::maybe_heredoc()
{
    const auto begin = pos_;
    skip();
    if (peek() == '<') {
        skip();
        while (peek() == '\t' || peek() == '\r' || peek() == ' ')
            skip();
    }
    return std::string{text_.substr(begin, pos_ - begin)};
}

std::string Expander::read_name()
{
    constexpr std::string_view special_parameters = "@*#?-$!";
    const auto begin = pos_;
    if (peek() != end && special_parameters.find(static_cast<char>(peek())) != std::string_view::npos) {
        skip();
        return std::string{text_.substr(begin, 1)};
    }
    const bool number = peek() != end && is_digit(decode(text_, pos_).value);
    while (peek() != end) {
        const auto character = decode(text_, pos_);
        if (!(number ? is_digit(character.value) : is_name(character.value)))
            break;
        pos_ += character.length;
    }
    return std::string{text_.substr(begin, pos_ - begin)};
}

std::optional<std::string> Expander::look_up(const std::string &name)
{
    auto value = env_.get(name);
    (value ? lookups_.matched : lookups_.unmatched).insert(name);
    return value;
}

std::string Expander::dollar()
{
    skip();
    if (peek() == '{') {
        skip();
        return braces();
    }
    const auto name = read_name();
    if (name.empty())
        return "$";
    auto value = look_up(name);
    if (!value && options_.skip_unset)
        return "$" + name;
    return std::move(value).value_or("");
}

/// Behind "${".
std::string Expander::braces()
{
    if (peek() == end)
        throw syntax_error("missing '}'");
    if (peek() == '{' || peek() == '}' || peek() == ':')
        throw syntax_error("bad substitution");
    const auto name = read_name();
    if (peek() == end)
        throw syntax_error("missing '}'");
    std::string modifier{take_character()};
    if (modifier == "}") {
        auto value = look_up(name);
        if (!value && options_.skip_unset)
            return "${" + name + "}";
        return std::move(value).value_or("");
    }
    if (modifier == "/")
        return replacement(name);
    if (modifier == ":" && peek() != end)
        modifier += take_character();
    const bool colon = modifier.front() == ':';
    if (colon ? modifier == ":#" || modifier == ":%" : operand_forms.find(modifier) == std::string_view::npos)
        throw unsupported_modifier(modifier);
    return with_operand(name, modifier);
}

/// The text of an operand, expanded.
std::string Expander::operand(char stop, bool keep_escapes)
{
    if (++depth_ > max_depth)
        throw Error{ErrorKind::dockerfile, fmt::format("${{…}} is nested more than {} deep", max_depth)};
    // BuildKit's splitter loses here what stands before "${" in the same word:
    // EXPOSE 8${P:-080} is 080, not 8080. Images of one file must be the same
    // whichever builder makes them, so the word is lost here too.
    if (words_ != nullptr)
        words_->drop_unfinished();
    const bool outside = std::exchange(keep_escapes_, keep_escapes);
    auto out = scan(stop, nullptr);
    keep_escapes_ = outside;
    --depth_;
    return out;
}

std::string Expander::with_operand(const std::string &name, const std::string &modifier)
{
    const char form = modifier.back();
    const bool is_pattern = form == '#' || form == '%';
    auto word = operand('}', is_pattern);
    auto value = look_up(name);
    if (!value && options_.skip_unset)
        return fmt::format("${{{}{}{}}}", name, modifier, word); // also forms of the shell's own: ${x:=y}
    if (operand_forms.find(form) == std::string_view::npos)
        throw unsupported_modifier(modifier);
    if (is_pattern) {
        const bool longest = !word.empty() && word.front() == form;
        const auto pattern = std::string_view{word}.substr(longest ? 1 : 0);
        const auto text = std::move(value).value_or("");
        return form == '#' ? remove_prefix(text, pattern, longest) : remove_suffix(text, pattern, longest);
    }
    const bool given = value && !(modifier.front() == ':' && value->empty());
    if (form == '+')
        return given ? word : "";
    if (given)
        return *std::move(value);
    if (form == '-')
        return word;
    if (word.empty())
        word = value ? "is not allowed to be empty" : "is not allowed to be unset";
    throw Error{ErrorKind::dockerfile, fmt::format("{}: {}", name, word)};
}

/// Behind "${name/".
std::string Expander::replacement(const std::string &name)
{
    const bool all = peek() == '/';
    if (all)
        skip();
    const auto pattern = operand('/', true);
    const auto text = operand('}', true);
    const auto value = look_up(name);
    if (!value && options_.skip_unset)
        return fmt::format("${{{}{}{}/{}}}", name, all ? "//" : "/", pattern, text);
    return replace(value.value_or(""), pattern, {text, all, max_size_});
}

} // namespace mica::dockerfile
