#pragma once
/// @file
/// The engine behind expand_word() and expand_words(); see words.hh.
#include "dockerfile/chars.hh"
#include "dockerfile/words.hh"
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mica::dockerfile {

/// Collects the words of a text that is being expanded.
class WordSplitter {
public:
    /// Blanks in it end words.
    void add_splitting(std::string_view text);
    /// Goes into the current word whole.
    void add_whole(std::string_view text) { pending_ += text; }
    /// Forgets the word that is not ended yet.
    void drop_unfinished() { pending_.clear(); }
    [[nodiscard]] std::vector<std::string> finish();

private:
    void end_word();

    std::string pending_;
    std::vector<std::string> words_;
};

/// Expands one text, once.
class Expander {
public:
    Expander(std::string_view text, const Environment &env, const ExpandOptions &options);
    /// The text as one string; its words (outside of `${…}`) go to `words` if given.
    /// Throws Error (dockerfile).
    [[nodiscard]] std::string run(WordSplitter *words);
    /// The variables that run() looked up.
    [[nodiscard]] Expansion take_lookups() { return std::move(lookups_); }

private:
    static constexpr int end = -1;

    [[nodiscard]] int peek() const;
    void skip() { ++pos_; }
    [[nodiscard]] std::string_view take_character();

    std::string scan(int stop, WordSplitter *words);
    std::string operand(char stop, bool keep_escapes);
    void plain(std::string &out, WordSplitter *words);
    [[nodiscard]] bool is_quote(int c) const { return !options_.raw_quotes && (c == '\'' || c == '"'); }
    std::string special(int c);
    std::string single_quotes();
    std::string double_quotes();
    std::string maybe_heredoc();
    std::string dollar();
    std::string braces();
    std::string with_operand(const std::string &name, const std::string &modifier);
    std::string replacement(const std::string &name);
    std::string read_name();
    std::optional<std::string> look_up(const std::string &name);
    void check_size(const std::string &out) const;

    std::string_view text_;
    const Environment &env_;
    const ExpandOptions &options_;
    std::size_t pos_ = 0;
    std::size_t max_size_;
    unsigned depth_ = 0;
    bool keep_escapes_;
    WordSplitter *words_ = nullptr;
    Expansion lookups_;
};

} // namespace mica::dockerfile
